import { answer, type Schemas } from "@acme/api/backoffice";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Services } from "@/services";
import type { ReviewStatus } from "./desk";

export type PhotoTag = Schemas["PhotoTagOut"];
export type Member = Schemas["MemberOut"];

const TAGS_PAGE = 100;
const MEMBERS_PAGE = 200;
/** The pictures' addresses are good for a quarter of an hour. */
const ADDRESSES_MS = 12 * 60_000;

export const reviewKeys = {
  all: (projectId: string) => ["review", projectId] as const,
  tags: (projectId: string, status: ReviewStatus) => [...reviewKeys.all(projectId), "tags", status] as const,
  counts: (projectId: string) => [...reviewKeys.all(projectId), "counts"] as const,
  project: (projectId: string) => [...reviewKeys.all(projectId), "project"] as const,
  members: (projectId: string) => [...reviewKeys.all(projectId), "members"] as const,
};

/** Not loaded anew while somebody works on it: what they have decided stays where it is. */
export function tags({ backoffice }: Services, projectId: string, status: ReviewStatus) {
  return infiniteQueryOptions({
    queryKey: reviewKeys.tags(projectId, status),
    staleTime: ADDRESSES_MS,
    refetchInterval: ADDRESSES_MS,
    gcTime: 0,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answer(
        backoffice.GET("/v1/projects/{project_id}/photo-tags", {
          params: {
            path: { project_id: projectId },
            query: { review_status: status, limit: TAGS_PAGE, cursor: pageParam },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function tagCounts({ backoffice }: Services, projectId: string) {
  return queryOptions({
    queryKey: reviewKeys.counts(projectId),
    queryFn: async ({ signal }) => {
      const query = { project_id: projectId };
      const summary = await answer(backoffice.GET("/v1/analytics/summary", { params: { query }, signal }));
      return summary.tags;
    },
  });
}

export function reviewedProject({ backoffice }: Services, projectId: string) {
  return queryOptions({
    queryKey: reviewKeys.project(projectId),
    queryFn: ({ signal }) =>
      answer(
        backoffice.GET("/v1/projects/{project_id}", { params: { path: { project_id: projectId } }, signal }),
      ),
  });
}

export function members({ backoffice }: Services, projectId: string) {
  return infiniteQueryOptions({
    queryKey: reviewKeys.members(projectId),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answer(
        backoffice.GET("/v1/projects/{project_id}/members", {
          params: {
            path: { project_id: projectId },
            query: { limit: MEMBERS_PAGE, cursor: pageParam },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
}
