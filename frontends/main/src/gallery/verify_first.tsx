import { answer } from "@acme/api/main";
import { Button } from "@acme/ui/button";
import { Notice } from "@acme/ui/states";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useAccount, useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { tell, tellFailure } from "@/shell/tell";

/** The organiser wants to know that the guest's address is theirs before recognition's finds are shown. */
export function VerifyFirst() {
  const { t } = useTranslation();
  const { main } = useServices();
  const { email } = useAccount();
  const mail = useMutation({
    mutationFn: () => answer(main.POST("/v1/me/email/verification")),
    onSuccess: () => void tell(t("gallery.verify_first.sent")),
    onError: (error) => void tellFailure(problemText(error, t)),
  });
  return (
    <Notice tone="accent" className="mb-6 flex flex-wrap items-center justify-between gap-3">
      <span className="min-w-0 break-words">{t("gallery.verify_first.text", { email })}</span>
      <Button look="secondary" isBusy={mail.isPending} onClick={() => mail.mutate()}>
        {t("gallery.verify_first.again")}
      </Button>
    </Notice>
  );
}
