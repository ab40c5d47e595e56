import { Button } from "@acme/ui/button";
import { Confirm } from "@acme/ui/confirm";
import { dateTime } from "@acme/ui/lib/format";
import { CircleCheck, CircleX, LoaderCircle } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { toast } from "sonner";
import { nextPath } from "@/accounts/next_path";
import { problemText } from "@/shell/problem_text";
import { type Selfie, useDeleteSelfie } from "./queries";

const REASONS = [
  "no_face",
  "several_faces",
  "face_too_small",
  "too_blurry",
  "too_dark",
  "not_an_image",
  "file_missing",
  "processing_failed",
] as const;
const MARK = "mx-auto size-12";

export function Verdict({ selfie, onAgain }: { selfie: Selfie; onAgain: () => void }) {
  switch (selfie.status) {
    case "pending":
      return <Judging />;
    case "approved":
      return <Approved selfie={selfie} onAgain={onAgain} />;
    case "rejected":
      return <Rejected selfie={selfie} onAgain={onAgain} />;
  }
}

function Judging() {
  const { t } = useTranslation();
  return (
    <div role="status" className="grid gap-3 rounded-lg border px-6 py-12 text-center">
      <LoaderCircle className={`${MARK} animate-spin text-muted-foreground`} aria-hidden />
      <p className="font-medium">{t("selfie.judging.title")}</p>
      <p className="text-sm text-muted-foreground">{t("selfie.judging.text")}</p>
    </div>
  );
}

function Approved({ selfie, onAgain }: { selfie: Selfie; onAgain: () => void }) {
  const { t, i18n } = useTranslation();
  const next = nextPath(useSearchParams()[0].get("next"));
  return (
    <div className="grid gap-6 rounded-lg border px-6 py-10 text-center">
      <div role="status" className="grid gap-2">
        <CircleCheck className={`${MARK} text-success`} aria-hidden />
        <p className="text-lg font-medium">{t("selfie.approved.title")}</p>
        <p className="text-sm text-muted-foreground">
          {t("selfie.approved.text", { time: dateTime(selfie.created_at, i18n.language) })}
        </p>
      </div>
      <Button asChild size="lg">
        <Link to={next}>{t("selfie.approved.go_on")}</Link>
      </Button>
      <div className="flex flex-wrap justify-center gap-2">
        <Button look="secondary" onClick={onAgain}>
          {t("selfie.approved.replace")}
        </Button>
        <Delete id={selfie.id} />
      </div>
    </div>
  );
}

function Rejected({ selfie, onAgain }: { selfie: Selfie; onAgain: () => void }) {
  const { t } = useTranslation();
  const reason = REASONS.find((known) => known === selfie.rejection_reason) ?? "processing_failed";
  return (
    <div className="grid gap-6 rounded-lg border px-6 py-10 text-center">
      <div role="alert" className="grid gap-2">
        <CircleX className={`${MARK} text-danger`} aria-hidden />
        <p className="text-lg font-medium">{t("selfie.rejected.title")}</p>
        <p className="text-balance">{t(`selfie.reasons.${reason}`)}</p>
      </div>
      <Button size="lg" onClick={onAgain}>
        {t("selfie.rejected.again")}
      </Button>
    </div>
  );
}

function Delete({ id }: { id: string }) {
  const { t } = useTranslation();
  const deletion = useDeleteSelfie();
  return (
    <Confirm
      trigger={
        <Button look="secondary" isBusy={deletion.isPending}>
          {t("selfie.delete.action")}
        </Button>
      }
      title={t("selfie.delete.title")}
      description={t("selfie.delete.text")}
      confirmLabel={t("selfie.delete.action")}
      cancelLabel={t("actions.cancel")}
      onConfirm={() => deletion.mutate(id, { onError: (error) => toast.error(problemText(error, t)) })}
    />
  );
}
