import { answer } from "@acme/api/backoffice";
import { BackLink } from "@acme/ui/back_link";
import { Button } from "@acme/ui/button";
import { Card, CardHeader, PageHeader } from "@acme/ui/card";
import { Notice } from "@acme/ui/states";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { Link, useParams } from "react-router";
import { type Project, projectKeys, projectQuery } from "@/projects/queries";
import { useServices } from "@/services";
import { Loaded } from "@/shell/loaded";
import { Title } from "@/shell/title";
import { useChange } from "@/shell/use_change";
import { type Simulation, simulationQuery } from "./queries";
import { ScorePlot } from "./score_plot";

const LOWEST = 55;
const HIGHEST = 100;
const USUAL = { confirm: 75, review: 55 };

export function Component() {
  const { projectId = "" } = useParams();
  const project = useQuery(projectQuery(useServices(), projectId));
  return (
    <>
      <Title>Thresholds</Title>
      <PageHeader
        above={
          <BackLink>
            <Link to={`/projects/${projectId}`}>{project.data?.name ?? "The project"}</Link>
          </BackLink>
        }
        title="Thresholds"
        description="How alike a face and a selfie must be to be shown to the guest at once, or to you for review."
        actions={
          <Button asChild look="secondary">
            <Link to={`/projects/${projectId}/shadow`}>Second engine</Link>
          </Button>
        }
      />
      <Loaded query={project} what="The project">
        {(found) => <Simulator key={found.version} project={found} />}
      </Loaded>
    </>
  );
}

function Simulator({ project }: { project: Project }) {
  const [bounds, setBounds] = useState({
    confirm: project.confirm_confidence ?? USUAL.confirm,
    review: project.review_confidence ?? USUAL.review,
  });
  const asked = useDeferredValue(bounds);
  const simulation = useQuery(simulationQuery(useServices(), project.id, asked.confirm, asked.review));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <Card>
        <CardHeader
          title="Scores so far"
          description="Each bar counts faces by how alike they are to a guest."
        />
        <Loaded query={simulation} what="The simulation">
          {({ histogram }) => <ScorePlot histogram={histogram} bounds={bounds} />}
        </Loaded>
        <div className="mt-6 grid gap-5">
          <Slider
            label="Shown to the guest from"
            value={bounds.confirm}
            onChange={(confirm) => setBounds({ confirm, review: Math.min(bounds.review, confirm) })}
          />
          <Slider
            label="Shown to you for review from"
            value={bounds.review}
            onChange={(review) => setBounds({ review, confirm: Math.max(bounds.confirm, review) })}
          />
        </div>
      </Card>
      <div className="grid content-start gap-6">
        <Loaded query={simulation} what="The outcome">
          {(found) => <Outcome simulation={found} />}
        </Loaded>
        <Save project={project} bounds={bounds} />
      </div>
    </div>
  );
}

function Slider({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
}) {
  return (
    <label className="grid gap-2 text-sm font-medium">
      <span className="flex justify-between">
        {/* No `output`: a label belongs to the first control within it, and that would be one. */}
        {label} <span className="tabular-nums">{value} %</span>
      </span>
      <input
        type="range"
        min={LOWEST}
        max={HIGHEST}
        step={1}
        value={value}
        aria-valuetext={`${value} %`}
        onChange={({ target }) => onChange(Number(target.value))}
        className="h-10 w-full accent-primary"
      />
    </label>
  );
}

function Outcome({ simulation }: { simulation: Simulation }) {
  const { present, simulated, decisions } = simulation;
  const rows: [label: string, now: number, then: number][] = [
    ["Shown to guests", present.confirmed, simulated.confirmed],
    ["To review", present.pending, simulated.pending],
    ["Left out", present.none, simulated.none],
  ];
  return (
    <Card>
      <CardHeader title="What would change" />
      <table className="w-full text-sm">
        <thead>
          <tr className="text-muted-foreground">
            <th scope="col" className="pb-2 text-left font-normal">
              <span className="sr-only">What</span>
            </th>
            <th scope="col" className="pb-2 text-right font-normal">
              now
            </th>
            <th scope="col" className="pb-2 text-right font-normal">
              then
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, now, then]) => (
            <tr key={label} className="border-t">
              <th scope="row" className="py-2 text-left font-normal">
                {label}
              </th>
              <td className="py-2 text-right tabular-nums">{now}</td>
              <td className="py-2 text-right font-medium tabular-nums">{then}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-4 text-sm text-muted-foreground">
        Decisions of people: {decisions.confirmed + decisions.rejected}. These stay. Of them, the thresholds
        would have shown {decisions.rejected_but_confirmed} that were rejected, and left out{" "}
        {decisions.confirmed_but_missed} that were confirmed.
      </p>
    </Card>
  );
}

function Save({ project, bounds }: { project: Project; bounds: { confirm: number; review: number } }) {
  const { backoffice } = useServices();
  const path = { project_id: project.id };
  const save = useChange({
    run: (body: { confirm_confidence: number | null; review_confidence: number | null }) =>
      answer(
        backoffice.PATCH("/v1/projects/{project_id}", {
          params: { path },
          body: { ...body, version: project.version },
        }),
      ),
    changes: [projectKeys.one(project.id)],
    done: "Saved: the photos are matched again",
  });
  const isOwn = project.confirm_confidence !== null || project.review_confidence !== null;
  return (
    <div className="grid gap-3">
      <Notice>Saving matches all photos of the project again. What people decided stays.</Notice>
      <Button
        isBusy={save.isPending}
        onClick={() => save.mutate({ confirm_confidence: bounds.confirm, review_confidence: bounds.review })}
      >
        Use these thresholds
      </Button>
      {isOwn && (
        <Button
          look="secondary"
          isBusy={save.isPending}
          onClick={() => save.mutate({ confirm_confidence: null, review_confidence: null })}
        >
          Back to the usual ones
        </Button>
      )}
    </div>
  );
}
