import { answer, type MediaApi, type Schemas } from "@acme/api/media";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Services } from "@/services";

export type Photo = Schemas["PhotoOut"];
export type PhotoStatus = Schemas["PhotoStatus"];

const PAGE = 100;
const COVERS = 4;

export const photoKeys = {
  all: (projectId: string) => ["my-photos", projectId] as const,
  lists: (projectId: string) => [...photoKeys.all(projectId), "list"] as const,
  list: (projectId: string, status: PhotoStatus | null) => [...photoKeys.lists(projectId), status] as const,
  covers: (projectId: string) => [...photoKeys.all(projectId), "covers"] as const,
  one: (projectId: string, photoId: string) => [...photoKeys.all(projectId), "one", photoId] as const,
};

export function myProjects({ backoffice }: Services) {
  return infiniteQueryOptions({
    queryKey: ["my-projects"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answer(
        backoffice.GET("/v1/photographers/me/projects", {
          params: { query: { limit: 200, cursor: pageParam } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
}

export function covers({ media }: Services, projectId: string) {
  return queryOptions({
    queryKey: photoKeys.covers(projectId),
    queryFn: async ({ signal }) => {
      const page = await listed(media, projectId, "ready", undefined, COVERS, signal);
      return page.items;
    },
  });
}

export function photos({ media }: Services, projectId: string, status: PhotoStatus | null) {
  return infiniteQueryOptions({
    queryKey: photoKeys.list(projectId, status),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => listed(media, projectId, status, pageParam, PAGE, signal),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Fresh until an event says that it has changed. */
export function photo({ media }: Services, projectId: string, photoId: string) {
  return queryOptions({
    queryKey: photoKeys.one(projectId, photoId),
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) =>
      answer(
        media.GET("/v1/photographers/me/photos/{photo_id}", {
          params: { path: { photo_id: photoId } },
          signal,
        }),
      ),
  });
}

function listed(
  media: MediaApi,
  projectId: string,
  status: PhotoStatus | null,
  cursor: string | undefined,
  limit: number,
  signal: AbortSignal,
) {
  const query = { project_id: projectId, limit, cursor, status };
  return answer(media.GET("/v1/photographers/me/photos", { params: { query }, signal }));
}
