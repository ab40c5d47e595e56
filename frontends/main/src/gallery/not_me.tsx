import { Confirm } from "@acme/ui/confirm";
import { toast } from "@acme/ui/toaster";
import { useTranslation } from "react-i18next";
import { problemText } from "@/shell/problem_text";
import type { Photo } from "./api";
import { useRejectPhoto } from "./queries";

export interface NotMeProps {
  photo: Photo;
  projectId: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Stands beside the lightbox, not within it: what is typed here must not move the slides. */
export function NotMe({ photo, projectId, open, onOpenChange }: NotMeProps) {
  const { t } = useTranslation();
  const reject = useRejectPhoto(projectId);
  return (
    <Confirm
      open={open}
      onOpenChange={onOpenChange}
      title={t("gallery.not_me.title")}
      description={t("gallery.not_me.text")}
      confirmLabel={t("gallery.not_me.confirm")}
      cancelLabel={t("actions.cancel")}
      onConfirm={() =>
        reject.mutate(photo.id, {
          onError: (error) => toast.error(problemText(error, t)),
          onSuccess: () => toast.success(t("gallery.not_me.done")),
        })
      }
    />
  );
}
