import { Button } from "@acme/ui/button";
import { useQueryClient } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useAccount, useServices } from "../services";
import { ConsentSection } from "./consent_section";
import { DataSection } from "./data_section";
import { PreferencesSection } from "./preferences_section";
import { ProfileSection } from "./profile_section";
import { SignInSection } from "./sign_in_section";

export function Component() {
  const { t } = useTranslation();
  const account = useAccount();
  return (
    <div className="mx-auto grid w-full max-w-2xl gap-6">
      <title>{`${t("account.title")} · ${t("app.name")}`}</title>
      <header className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <h1 className="text-2xl font-semibold tracking-tight">{t("account.title")}</h1>
          <p className="text-muted-foreground">{account.email}</p>
        </div>
        <SignOut />
      </header>
      <ProfileSection />
      <PreferencesSection />
      <ConsentSection />
      <SignInSection />
      <DataSection />
    </div>
  );
}

function SignOut() {
  const { t } = useTranslation();
  const { session } = useServices();
  const queries = useQueryClient();
  return (
    <Button
      look="secondary"
      onClick={async () => {
        await session.close();
        queries.clear();
      }}
    >
      <LogOut aria-hidden /> {t("account.sign_out")}
    </Button>
  );
}
