import { answer, type Schemas } from "@acme/api/backoffice";
import { queryOptions } from "@tanstack/react-query";
import type { Services } from "@/services";
import { paged } from "@/shell/paged";

export type Project = Schemas["ProjectOut"];
export type ListedProject = Schemas["ListedProjectOut"];
export type Purchase = Schemas["PurchaseOut"];
export type QrToken = Schemas["QrTokenOut"];
export type Coach = Schemas["CoachOut"];
export type PhotoStatus = Schemas["PhotoStatus"];

export const projectKeys = {
  all: ["projects"] as const,
  list: (search: string, isDeleted: boolean) => [...projectKeys.all, "list", search, isDeleted] as const,
  one: (id: string) => [...projectKeys.all, "one", id] as const,
  part: (id: string, part: string, ...more: unknown[]) => [...projectKeys.one(id), part, ...more] as const,
};

export function projectsQuery({ backoffice }: Services, search: string, isDeleted: boolean) {
  return paged<ListedProject>(projectKeys.list(search, isDeleted), (page) => {
    const query = { ...page, deleted: isDeleted, ...(search && { q: search }) };
    return answer(backoffice.GET("/v1/projects", { params: { query } }));
  });
}

export function projectQuery({ backoffice }: Services, id: string) {
  return queryOptions({
    queryKey: projectKeys.one(id),
    queryFn: () =>
      answer(backoffice.GET("/v1/projects/{project_id}", { params: { path: { project_id: id } } })),
  });
}

export function membersQuery({ backoffice }: Services, id: string) {
  return paged(projectKeys.part(id, "members"), (query) =>
    answer(
      backoffice.GET("/v1/projects/{project_id}/members", { params: { path: { project_id: id }, query } }),
    ),
  );
}

export function hideRequestsQuery({ backoffice }: Services, id: string, state?: "pending") {
  return paged(projectKeys.part(id, "hide-requests", state), (page) =>
    answer(
      backoffice.GET("/v1/projects/{project_id}/hide-requests", {
        params: { path: { project_id: id }, query: { ...page, ...(state && { state }) } },
      }),
    ),
  );
}

export function selfieConflictsQuery({ backoffice }: Services, id: string, resolved: boolean) {
  return paged(projectKeys.part(id, "selfie-conflicts", resolved), (page) =>
    answer(
      backoffice.GET("/v1/projects/{project_id}/selfie-conflicts", {
        params: { path: { project_id: id }, query: { ...page, resolved } },
      }),
    ),
  );
}

export function photosQuery({ backoffice }: Services, id: string, status: PhotoStatus | null) {
  return paged(
    projectKeys.part(id, "photos", status),
    (page) => {
      const query = { ...page, ...(status && { status }) };
      return answer(
        backoffice.GET("/v1/projects/{project_id}/photos", { params: { path: { project_id: id }, query } }),
      );
    },
    100,
  );
}

export function coverQuery({ backoffice }: Services, id: string) {
  const query = { status: "ready" as const, limit: 1 };
  return queryOptions({
    queryKey: projectKeys.part(id, "cover"),
    queryFn: () =>
      answer(
        backoffice.GET("/v1/projects/{project_id}/photos", { params: { path: { project_id: id }, query } }),
      ),
  });
}

export function nearDuplicatesQuery({ backoffice }: Services, id: string) {
  return queryOptions({
    queryKey: projectKeys.part(id, "near-duplicates"),
    queryFn: () =>
      answer(
        backoffice.GET("/v1/projects/{project_id}/photos/near-duplicates", {
          params: { path: { project_id: id } },
        }),
      ),
  });
}

export function facesQuery({ backoffice }: Services, id: string, photoId: string) {
  return queryOptions({
    queryKey: projectKeys.part(id, "faces", photoId),
    queryFn: () =>
      answer(backoffice.GET("/v1/photos/{photo_id}/faces", { params: { path: { photo_id: photoId } } })),
  });
}

export function faceIndexQuery({ backoffice }: Services, id: string) {
  return queryOptions({
    queryKey: projectKeys.part(id, "face-index"),
    queryFn: () =>
      answer(
        backoffice.GET("/v1/projects/{project_id}/face-index", { params: { path: { project_id: id } } }),
      ),
  });
}

export function assignedQuery({ backoffice }: Services, id: string) {
  return paged(projectKeys.part(id, "photographers"), (query) =>
    answer(
      backoffice.GET("/v1/projects/{project_id}/photographers", {
        params: { path: { project_id: id }, query },
      }),
    ),
  );
}

export function onSaleQuery({ backoffice }: Services, id: string) {
  return paged(projectKeys.part(id, "packages"), (query) =>
    answer(
      backoffice.GET("/v1/projects/{project_id}/packages", { params: { path: { project_id: id }, query } }),
    ),
  );
}

export function coachesQuery({ backoffice }: Services, id: string) {
  return paged(projectKeys.part(id, "coaches"), (query) =>
    answer(
      backoffice.GET("/v1/projects/{project_id}/coaches", { params: { path: { project_id: id }, query } }),
    ),
  );
}

export function qrTokensQuery({ backoffice }: Services, id: string) {
  return paged(projectKeys.part(id, "qr-tokens"), (query) =>
    answer(
      backoffice.GET("/v1/projects/{project_id}/qr-tokens", { params: { path: { project_id: id }, query } }),
    ),
  );
}

export function salesQuery({ backoffice }: Services, id: string) {
  return paged(projectKeys.part(id, "purchases"), (query) =>
    answer(
      backoffice.GET("/v1/projects/{project_id}/purchases", { params: { path: { project_id: id }, query } }),
    ),
  );
}
