import { answer, type Schemas } from "@acme/api/backoffice";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { projectKeys } from "@/projects/queries";
import type { Services } from "@/services";

export type Comparison = Schemas["ShadowOut"];
export type Difference = Schemas["DifferenceOut"];
export type Verdict = Schemas["Verdict"];

const PAGE = 48;

export function shadowKey(projectId: string) {
  return projectKeys.part(projectId, "shadow");
}

/** Without a verdict: all that the engines do not agree on. */
export function comparisonQuery({ backoffice }: Services, projectId: string, verdict: Verdict | null) {
  return infiniteQueryOptions({
    queryKey: [...shadowKey(projectId), verdict],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(verdict && { verdict }), ...(pageParam && { cursor: pageParam }) };
      const params = { path: { project_id: projectId }, query };
      return answer(backoffice.GET("/v1/projects/{project_id}/matching/shadow", { params, signal }));
    },
    getNextPageParam: ({ differences }) => differences.next_cursor,
  });
}
