import { answer } from "@acme/api/backoffice";
import { toast } from "@acme/ui/toaster";
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { projectKeys } from "@/projects/queries";
import { useServices } from "@/services";
import type { Page } from "@/shell/loaded";
import { problemText } from "@/shell/problem_text";
import { type Decision, type ReviewStatus, type Tag, tagsKey } from "./queries";

type Pages = InfiniteData<Page<Tag>>;

/** Decided tags leave the list at once; when the server says no, they are back. */
export function useReview(projectId: string, status: ReviewStatus) {
  const { backoffice } = useServices();
  const client = useQueryClient();
  const queryKey = tagsKey(projectId, status);
  return useMutation({
    mutationFn: async ({ tags, decision }: { tags: Tag[]; decision: Decision }): Promise<void> => {
      const [only] = tags;
      if (tags.length === 1 && only) {
        const path = { tag_id: only.id };
        const body = { review_status: decision };
        await answer(backoffice.PATCH("/v1/photo-tags/{tag_id}", { params: { path }, body }));
        return;
      }
      const body = { tag_ids: tags.map(({ id }) => id), review_status: decision };
      await answer(backoffice.POST("/v1/photo-tags/bulk-review", { body }));
    },
    onMutate: async ({ tags, decision }) => {
      if (decision === status) return undefined;
      await client.cancelQueries({ queryKey });
      const before = client.getQueryData<Pages>(queryKey);
      const gone = new Set(tags.map(({ id }) => id));
      client.setQueryData<Pages>(queryKey, (known) => known && without(known, gone));
      return before;
    },
    onError: (error, _, before) => {
      if (before) client.setQueryData(queryKey, before);
      toast.error(problemText(error));
    },
    onSettled: () => {
      const others = (["pending", "confirmed", "rejected"] as const).filter((each) => each !== status);
      for (const other of others) void client.invalidateQueries({ queryKey: tagsKey(projectId, other) });
      void client.invalidateQueries({ queryKey: projectKeys.all, refetchType: "none" });
    },
  });
}

function without(known: Pages, gone: ReadonlySet<string>): Pages {
  const pages = known.pages.map((page) => ({ ...page, items: page.items.filter(({ id }) => !gone.has(id)) }));
  return { ...known, pages };
}
