import { answer, type Schemas } from "@acme/api/backoffice";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { projectKeys } from "@/projects/queries";
import type { Services } from "@/services";
import { paged } from "@/shell/paged";

export type Tag = Schemas["PhotoTagOut"];
export type ReviewStatus = Schemas["ReviewStatus"];
export type Decision = "confirmed" | "rejected";
export type Simulation = Schemas["SimulationOut"];

const AT_ONCE = 60;

export const tagsKey = (projectId: string, status: ReviewStatus) =>
  projectKeys.part(projectId, "tags", status);

export function tagsQuery({ backoffice }: Services, projectId: string, status: ReviewStatus) {
  return paged<Tag>(
    tagsKey(projectId, status),
    (page) => {
      const query = { ...page, review_status: status };
      const path = { project_id: projectId };
      return answer(backoffice.GET("/v1/projects/{project_id}/photo-tags", { params: { path, query } }));
    },
    AT_ONCE,
  );
}

export function simulationQuery(
  { backoffice }: Services,
  projectId: string,
  confirm: number,
  review: number,
) {
  const params = { path: { project_id: projectId }, query: { confirm, review } };
  return queryOptions({
    queryKey: projectKeys.part(projectId, "simulation", confirm, review),
    queryFn: () => answer(backoffice.GET("/v1/projects/{project_id}/matching/simulate", { params })),
    placeholderData: keepPreviousData,
  });
}
