import { PageHeader } from "@acme/ui/card";
import { useAccount } from "@/services";
import { Title } from "@/shell/title";
import { PictureSection } from "./picture_section";
import { ProfileSection } from "./profile_section";
import { SecondFactorSection } from "./second_factor_section";
import { SignInSection } from "./sign_in_section";

export function Component() {
  const account = useAccount();
  return (
    <>
      <Title>Account</Title>
      <PageHeader title="Account" description={account.email} />
      <div className="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-6">
        {account.role !== "superadmin" && <ProfileSection />}
        {account.role === "operator" && <PictureSection />}
        {account.role !== "photographer" && <SecondFactorSection />}
        <SignInSection />
      </div>
    </>
  );
}
