import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Dialog, DialogContent } from "@acme/ui/dialog";
import { Field } from "@acme/ui/field";
import { Input } from "@acme/ui/input";
import { Failure, Spinner } from "@acme/ui/states";
import { toast } from "@acme/ui/toaster";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { type Member, members, reviewKeys } from "./queries";

interface TagDialogProps {
  projectId: string;
  photo: { photo_id: string; thumbnail_url: string | null };
  onClose: () => void;
}

/** Says by hand that a member of the project is in a photo. */
export function TagDialog({ projectId, photo, onClose }: TagDialogProps) {
  const services = useServices();
  const queries = useQueryClient();
  const tagging = useMutation({
    mutationFn: (member: Member) =>
      answer(
        services.backoffice.POST("/v1/photos/{photo_id}/tags", {
          params: { path: { photo_id: photo.photo_id } },
          body: { user_id: member.user_id },
        }),
      ),
    onSuccess: (_, member) => {
      toast.success(`${member.name} is tagged on the photo.`);
      void queries.invalidateQueries({ queryKey: reviewKeys.counts(projectId) });
      onClose();
    },
    onError: (error) => toast.error(problemText(error)),
  });
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        title="Who is in this photo?"
        description="The photo appears in the gallery of the guest you choose."
      >
        {photo.thumbnail_url && (
          <img
            src={photo.thumbnail_url}
            alt="The one to tag"
            className="max-h-40 rounded-md bg-muted object-contain"
          />
        )}
        <Members
          projectId={projectId}
          busyId={tagging.isPending ? tagging.variables.user_id : null}
          onChoose={(member) => tagging.mutate(member)}
        />
      </DialogContent>
    </Dialog>
  );
}

interface MembersProps {
  projectId: string;
  busyId: string | null;
  onChoose: (member: Member) => void;
}

function Members({ projectId, busyId, onChoose }: MembersProps) {
  const found = useInfiniteQuery(members(useServices(), projectId));
  const [wanted, setWanted] = useState("");
  if (found.isPending) return <Spinner label="Loading the guests" />;
  if (found.isError)
    return (
      <Failure title="The guests cannot be shown" onRetry={() => void found.refetch()}>
        {problemText(found.error)}
      </Failure>
    );
  const shown = found.data.filter((member) => isWanted(member, wanted));
  return (
    <>
      <Field label="Guest">
        <Input
          type="search"
          placeholder="Name or email"
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
      </Field>
      <ul className="grid max-h-64 gap-1 overflow-y-auto" aria-label="Guests">
        {shown.map((member) => (
          <li key={member.user_id}>
            <Button
              look="ghost"
              className="h-auto w-full justify-between py-2 text-left"
              disabled={busyId !== null}
              isBusy={busyId === member.user_id}
              onClick={() => onChoose(member)}
            >
              <span>{member.name}</span>
              <span className="truncate font-normal text-muted-foreground">{member.email}</span>
            </Button>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="text-sm text-muted-foreground">No guest has this name.</p>}
      {found.hasNextPage && (
        <Button look="secondary" isBusy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          Load more guests
        </Button>
      )}
    </>
  );
}

function isWanted(member: Member, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return member.name.toLowerCase().includes(text) || member.email.toLowerCase().includes(text);
}
