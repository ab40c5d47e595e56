import { BackLink } from "@acme/ui/back_link";
import { Button } from "@acme/ui/button";
import { PageHeader } from "@acme/ui/card";
import { cn } from "@acme/ui/lib/cn";
import { Empty, Failure, Skeleton } from "@acme/ui/states";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, SlidersHorizontal } from "lucide-react";
import { useMemo } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import type { ReviewStatus } from "./desk";
import { reviewedProject, reviewKeys, tagCounts, tags } from "./queries";
import { Workplace } from "./workplace";

const FILTERS: { status: ReviewStatus; label: string }[] = [
  { status: "pending", label: "To decide" },
  { status: "confirmed", label: "Confirmed" },
  { status: "rejected", label: "Rejected" },
];
const NUMBER = new Intl.NumberFormat("en");

export function Component() {
  const { projectId = "" } = useParams();
  const [search, setSearch] = useSearchParams();
  const status = FILTERS.find((each) => each.status === search.get("status"))?.status ?? "pending";
  const { data: project } = useQuery(reviewedProject(useServices(), projectId));
  return (
    <>
      <title>{`Review · ${project?.name ?? "Project"} · Acme Photos`}</title>
      <PageHeader
        title="Review"
        above={
          <BackLink>
            <Link to={`/projects/${projectId}`}>{project?.name ?? "Project"}</Link>
          </BackLink>
        }
        actions={
          <Button asChild look="secondary">
            <Link to={`/projects/${projectId}/thresholds`}>
              <SlidersHorizontal aria-hidden /> Thresholds
            </Link>
          </Button>
        }
      />
      <Filters projectId={projectId} status={status} onChoose={(chosen) => setSearch({ status: chosen })} />
      <Found key={status} projectId={projectId} status={status} wantedId={search.get("tag")} />
    </>
  );
}

interface FiltersProps {
  projectId: string;
  status: ReviewStatus;
  onChoose: (status: ReviewStatus) => void;
}

function Filters({ projectId, status, onChoose }: FiltersProps) {
  const { data: counts } = useQuery(tagCounts(useServices(), projectId));
  return (
    <fieldset className="mb-5 flex min-w-0 gap-2 overflow-x-auto py-1">
      <legend className="sr-only">Which matches are shown</legend>
      {FILTERS.map((each) => (
        <button
          key={each.status}
          type="button"
          aria-pressed={status === each.status}
          onClick={() => onChoose(each.status)}
          className={cn(
            "min-h-10 shrink-0 rounded-full border px-4 text-sm tabular-nums",
            status === each.status
              ? "border-primary bg-accent text-accent-foreground"
              : "bg-surface hover:bg-muted",
          )}
        >
          {each.label} {counts && NUMBER.format(counts[each.status])}
        </button>
      ))}
    </fieldset>
  );
}

interface FoundProps {
  projectId: string;
  status: ReviewStatus;
  /** The match to begin with. */
  wantedId: string | null;
}

function Found({ projectId, status, wantedId }: FoundProps) {
  const queries = useQueryClient();
  const found = useInfiniteQuery(tags(useServices(), projectId, status));
  const all = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  const reload = () => {
    void found.refetch();
    void queries.invalidateQueries({ queryKey: reviewKeys.counts(projectId) });
  };
  if (found.isPending) return <Waiting />;
  if (found.isError && all.length === 0)
    return (
      <Failure title="The matches cannot be shown" onRetry={reload}>
        {problemText(found.error)}
      </Failure>
    );
  if (all.length === 0) return <Nothing projectId={projectId} status={status} onReload={reload} />;
  return (
    <Workplace
      projectId={projectId}
      tags={all}
      wantedId={wantedId}
      hasMore={found.hasNextPage}
      onNearEnd={() => {
        if (found.hasNextPage && !found.isFetching) void found.fetchNextPage();
      }}
      onReload={reload}
    />
  );
}

interface NothingProps {
  projectId: string;
  status: ReviewStatus;
  onReload: () => void;
}

function Nothing({ projectId, status, onReload }: NothingProps) {
  if (status !== "pending")
    return (
      <Empty
        icon={CircleCheck}
        title={status === "confirmed" ? "Nothing is confirmed" : "Nothing is rejected"}
      />
    );
  return (
    <Empty
      icon={CircleCheck}
      title="Nothing to decide"
      action={
        <div className="flex flex-wrap justify-center gap-2">
          <Button look="secondary" onClick={onReload}>
            Look again
          </Button>
          <Button asChild look="secondary">
            <Link to={`/projects/${projectId}/thresholds`}>Set the thresholds</Link>
          </Button>
        </div>
      }
    >
      Matches of which the recognition is not sure appear here. The thresholds say how sure it has to be.
    </Empty>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading the matches" className="grid gap-6 lg:grid-cols-[1fr_20rem]">
      <div className="grid grid-cols-2 gap-3">
        <Skeleton className="aspect-square" />
        <Skeleton className="aspect-square" />
      </div>
      <Skeleton className="h-72" />
    </div>
  );
}
