import { answer, type Schemas } from "@acme/api/backoffice";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Services } from "@/services";
import type { Period } from "./period";

export type Summary = Schemas["SummaryOut"];
export type Metric = Schemas["Metric"];
export type Interval = Schemas["Interval"];

export interface Scope extends Period {
  projectId?: string;
}

export function parametersOf({ projectId, from, to }: Scope) {
  return { ...(projectId && { project_id: projectId }), ...(from && { from }), ...(to && { to }) };
}

export function summaryQuery({ backoffice }: Services, scope: Scope) {
  return queryOptions({
    queryKey: ["analytics", "summary", scope],
    queryFn: () =>
      answer(backoffice.GET("/v1/analytics/summary", { params: { query: parametersOf(scope) } })),
    placeholderData: keepPreviousData,
  });
}

export function seriesQuery({ backoffice }: Services, scope: Scope, metric: Metric, interval: Interval) {
  const query = { ...parametersOf(scope), metric, interval };
  return queryOptions({
    queryKey: ["analytics", "series", query],
    queryFn: () => answer(backoffice.GET("/v1/analytics/timeseries", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}
