import { dateRange } from "@acme/ui/lib/format";
import { useTranslation } from "react-i18next";
import type { Project } from "./api";

/** When, where, by whom: on one line. */
export function EventFacts({ project }: { project: Project }) {
  const { i18n } = useTranslation();
  const { start_at, end_at, timezone, location_name, operator_name } = project;
  const dates = dateRange(start_at, end_at, i18n.language, timezone ?? undefined);
  return <>{[dates, location_name, operator_name].filter(Boolean).join(" · ")}</>;
}
