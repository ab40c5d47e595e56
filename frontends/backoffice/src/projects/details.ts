import { z } from "zod";
import { instantOf, localOf } from "@/shell/zoned";
import type { Project } from "./queries";

export const detailsSchema = z
  .object({
    name: z.string().trim().min(1, "Give the project a name").max(255),
    location_name: z.string().trim().max(255),
    timezone: z.string(),
    start_at: z.string(),
    end_at: z.string(),
    project_link: z.union([
      z.literal(""),
      z.url({ protocol: /^https?$/, error: "Enter an address that begins with https://" }),
    ]),
    terms_and_conditions: z.string().max(50_000),
    matches_need_verified_email: z.boolean(),
  })
  .refine(({ start_at, end_at }) => !start_at || !end_at || start_at <= end_at, {
    path: ["end_at"],
    error: "An event ends after it has begun",
  });

export type Details = z.infer<typeof detailsSchema>;

/** As the form shows a project; times are those of the place. */
export function detailsOf(project: Project, ownZone: string): Details {
  const timezone = project.timezone ?? ownZone;
  return {
    name: project.name,
    location_name: project.location_name ?? "",
    timezone,
    start_at: localOf(project.start_at, timezone),
    end_at: localOf(project.end_at, timezone),
    project_link: project.project_link ?? "",
    terms_and_conditions: project.terms_and_conditions ?? "",
    matches_need_verified_email: project.matches_need_verified_email,
  };
}

/** What the server is sent: nothing is null, and times are instants. */
export function changeOf(details: Details) {
  return {
    name: details.name,
    location_name: details.location_name || null,
    timezone: details.timezone,
    start_at: instantOf(details.start_at, details.timezone),
    end_at: instantOf(details.end_at, details.timezone),
    project_link: details.project_link || null,
    terms_and_conditions: details.terms_and_conditions.trim() || null,
    matches_need_verified_email: details.matches_need_verified_email,
  };
}
