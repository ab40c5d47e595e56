import { Button } from "@acme/ui/button";
import { Field } from "@acme/ui/field";
import { Input, Select } from "@acme/ui/input";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { projectsQuery } from "@/projects/queries";
import { useAccount, useServices } from "@/services";
import { useParameters } from "@/shell/parameters";
import { customPeriod, PRESETS, type Preset, presetPeriod } from "./period";
import type { Scope } from "./queries";

const LABELS: Record<Preset | "custom", string> = {
  "7": "7 days",
  "30": "30 days",
  "90": "90 days",
  all: "All",
  custom: "Days of your choice",
};

/** What is looked at stands in the address: it can be kept and shared. */
export function useScope(): { scope: Scope; preset: string } {
  const [query] = useSearchParams();
  const zone = useAccount().timezone ?? "UTC";
  const preset = query.get("period") ?? "30";
  const projectId = query.get("project") ?? "";
  const known = PRESETS.find((each) => each === preset);
  const period = known
    ? presetPeriod(known, zone)
    : customPeriod(query.get("from") ?? "", query.get("to") ?? "", zone);
  return { scope: { ...period, ...(projectId && { projectId }) }, preset };
}

export function Filters() {
  const { query, set, reset } = useParameters();
  const projects = useInfiniteQuery(projectsQuery(useServices(), "", false));
  const preset = query.get("period") ?? "30";
  return (
    <div className="mb-6 flex flex-wrap items-end gap-3">
      <Field label="Project" className="min-w-52">
        <Select value={query.get("project") ?? ""} onChange={({ target }) => set("project", target.value)}>
          <option value="">All projects</option>
          {projects.data?.pages.flatMap(({ items }) =>
            items.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            )),
          )}
        </Select>
      </Field>
      <Field label="Period" className="min-w-44">
        <Select value={preset} onChange={({ target }) => set("period", target.value)}>
          {Object.entries(LABELS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      {preset === "custom" && (
        <>
          <Field label="From">
            <Input
              type="date"
              value={query.get("from") ?? ""}
              onChange={({ target }) => set("from", target.value)}
            />
          </Field>
          <Field label="To">
            <Input
              type="date"
              value={query.get("to") ?? ""}
              onChange={({ target }) => set("to", target.value)}
            />
          </Field>
        </>
      )}
      {query.size > 0 && (
        <Button look="ghost" onClick={reset}>
          Reset
        </Button>
      )}
    </div>
  );
}
