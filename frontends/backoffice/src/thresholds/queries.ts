import { answer, type Schemas } from "@acme/api/backoffice";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { projectKeys } from "@/projects/queries";
import type { Services } from "@/services";

export type Simulation = Schemas["SimulationOut"];

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
