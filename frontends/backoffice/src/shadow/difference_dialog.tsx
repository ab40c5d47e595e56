import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Dialog, DialogContent, DialogFooter } from "@acme/ui/dialog";
import { UserPlus } from "lucide-react";
import { Link } from "react-router";
import { useServices } from "@/services";
import { useChange } from "@/shell/use_change";
import { Opinions } from "./difference_card";
import { type Difference, shadowKey } from "./queries";

interface DifferenceDialogProps {
  projectId: string;
  difference: Difference;
  onClose: () => void;
}

/** The whole photo, and what a person can do about the match. */
export function DifferenceDialog({ projectId, difference, onClose }: DifferenceDialogProps) {
  const { name, photo_url } = difference;
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent title={`Is ${name} in this photo?`} className="sm:max-w-3xl">
        {photo_url ? (
          <img
            src={photo_url}
            alt={`That may show ${name}`}
            className="mx-auto max-h-[55dvh] min-h-40 w-auto max-w-full rounded-md bg-muted"
          />
        ) : (
          <p className="p-10 text-center text-sm text-muted-foreground">The photo is not ready yet.</p>
        )}
        <Opinions difference={difference} />
        <DialogFooter>
          <Decision projectId={projectId} difference={difference} onDone={onClose} />
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

interface DecisionProps {
  projectId: string;
  difference: Difference;
  onDone: () => void;
}

/** A tag is judged in the review; where the first engine has made none, one is made by hand. */
function Decision({ projectId, difference, onDone }: DecisionProps) {
  const { backoffice } = useServices();
  const { name, photo_id, user_id, tag_id, review_status } = difference;
  const tagging = useChange({
    run: () => {
      const params = { path: { photo_id } };
      return answer(backoffice.POST("/v1/photos/{photo_id}/tags", { params, body: { user_id } }));
    },
    changes: [shadowKey(projectId)],
    done: `${name} is tagged on the photo`,
  });
  if (tag_id) {
    return (
      <Button asChild look="secondary">
        <Link to={`/projects/${projectId}/review?status=${review_status}&tag=${tag_id}`}>
          To the review of the match
        </Link>
      </Button>
    );
  }
  return (
    <Button isBusy={tagging.isPending} onClick={() => tagging.mutate(undefined, { onSuccess: onDone })}>
      <UserPlus aria-hidden /> Tag {name}
    </Button>
  );
}
