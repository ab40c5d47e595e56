import { answer, type Schemas } from "@acme/api/backoffice";
import { toast } from "@acme/ui/toaster";
import { useQueryClient } from "@tanstack/react-query";
import { type Dispatch, useCallback } from "react";
import { type Services, useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import type { Decision, Desk, DeskAction, ReviewStatus } from "./desk";
import { type PhotoTag, reviewKeys } from "./queries";

const MOST_AT_ONCE = 500;
type Counts = Schemas["TagCounts"];

/** Shown at once, saved behind; taken back, and said so, when that fails. */
export function useDecisions(
  projectId: string,
  state: Desk,
  dispatch: Dispatch<DeskAction>,
  all: readonly PhotoTag[],
) {
  const services = useServices();
  const queries = useQueryClient();
  return useCallback(
    async (decided: readonly string[], decision: Decision) => {
      if (decided.length === 0) return;
      const before = new Map(decided.map((id) => [id, state.decided.get(id)]));
      const stored = new Map(all.map((tag) => [tag.id, tag.review_status]));
      const changes = decided.map((id) => [before.get(id) ?? stored.get(id), decision] as const);
      const count = (list: readonly (readonly [ReviewStatus | undefined, ReviewStatus | undefined])[]) =>
        queries.setQueryData<Counts>(
          reviewKeys.counts(projectId),
          (counts) => counts && recounted(counts, list),
        );
      dispatch({ type: "decide", decided, decision, ids: all.map((tag) => tag.id) });
      count(changes);
      try {
        await save(services, decided, decision);
      } catch (error) {
        dispatch({ type: "rollback", before });
        count(changes.map(([from, to]) => [to, from]));
        toast.error(`Not saved. ${problemText(error)}`);
      }
    },
    [projectId, state.decided, dispatch, all, services, queries],
  );
}

async function save({ backoffice }: Services, ids: readonly string[], status: Decision): Promise<void> {
  const [only] = ids;
  if (only !== undefined && ids.length === 1) {
    const params = { path: { tag_id: only } };
    await answer(backoffice.PATCH("/v1/photo-tags/{tag_id}", { params, body: { review_status: status } }));
    return;
  }
  for (let start = 0; start < ids.length; start += MOST_AT_ONCE) {
    const body = { tag_ids: ids.slice(start, start + MOST_AT_ONCE), review_status: status };
    await answer(backoffice.POST("/v1/photo-tags/bulk-review", { body }));
  }
}

function recounted(
  counts: Counts,
  changes: readonly (readonly [ReviewStatus | undefined, ReviewStatus | undefined])[],
): Counts {
  const next = { ...counts };
  for (const [from, to] of changes) {
    if (from) next[from] = Math.max(0, next[from] - 1);
    if (to) next[to] += 1;
  }
  return next;
}
