import { answer } from "@acme/api/main";
import { Button } from "@acme/ui/button";
import { Dialog, DialogContent } from "@acme/ui/dialog";
import { toast } from "@acme/ui/toaster";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import type { Photo } from "./api";

export interface HideMeProps {
  photo: Photo;
  /** Whether it is known where the guest's face is: else it cannot be blurred. */
  hasFace: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Asks the organiser not to show the guest in a photo; two ways, and what each means for others. */
export function HideMe({ photo, hasFace, open, onOpenChange }: HideMeProps) {
  const { t } = useTranslation();
  const { main } = useServices();
  const ask = useMutation({
    mutationFn: (kind: "blur" | "withhold") =>
      answer(
        main.POST("/v1/photos/{photo_id}/hide-requests", {
          params: { path: { photo_id: photo.id } },
          body: { kind },
        }),
      ),
    onSuccess: () => {
      toast.success(t("gallery.hide.done"));
      onOpenChange(false);
    },
    onError: (error) => toast.error(problemText(error, t)),
  });
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title={t("gallery.hide.title")}
        description={t("gallery.hide.text")}
        closeLabel={t("actions.close")}
      >
        <div className="grid gap-4">
          {hasFace && (
            <div className="grid gap-2">
              <Button look="secondary" isBusy={ask.isPending} onClick={() => ask.mutate("blur")}>
                {t("gallery.hide.blur")}
              </Button>
              <p className="text-sm text-muted-foreground">{t("gallery.hide.blur_then")}</p>
            </div>
          )}
          <div className="grid gap-2">
            <Button look="secondary" isBusy={ask.isPending} onClick={() => ask.mutate("withhold")}>
              {t("gallery.hide.withhold")}
            </Button>
            <p className="text-sm text-muted-foreground">{t("gallery.hide.withhold_then")}</p>
          </div>
        </div>
      </DialogContent>
    </Dialog>
  );
}
