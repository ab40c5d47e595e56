import { BackLink } from "@acme/ui/back_link";
import { Button } from "@acme/ui/button";
import { PageHeader } from "@acme/ui/card";
import { Empty, Failure, Notice, Skeleton } from "@acme/ui/states";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CircleCheck, ScanFace } from "lucide-react";
import { useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { projectQuery } from "@/projects/queries";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { Title } from "@/shell/title";
import { KINDS, total } from "./agreement";
import { Agreement } from "./agreement_card";
import { DifferenceCard } from "./difference_card";
import { DifferenceDialog } from "./difference_dialog";
import { type Comparison, comparisonQuery, type Difference } from "./queries";

export function Component() {
  const { projectId = "" } = useParams();
  const project = useQuery(projectQuery(useServices(), projectId));
  return (
    <>
      <Title>Second engine</Title>
      <PageHeader
        above={
          <BackLink>
            <Link to={`/projects/${projectId}/thresholds`}>
              Thresholds{project.data ? ` of ${project.data.name}` : ""}
            </Link>
          </BackLink>
        }
        title="Second engine"
        description="What another face recognition would have made of the same photos. It shows nobody anything."
      />
      <Comparing projectId={projectId} />
    </>
  );
}

function Comparing({ projectId }: { projectId: string }) {
  const [search, setSearch] = useSearchParams();
  const verdict = KINDS.find((kind) => kind.verdict === search.get("verdict"))?.verdict ?? null;
  const found = useInfiniteQuery({
    ...comparisonQuery(useServices(), projectId, verdict),
    placeholderData: keepPreviousData,
  });
  const pages = found.data?.pages ?? [];
  const [first] = pages;
  if (!first) {
    if (found.isPending) return <Skeleton className="h-64" />;
    return (
      <Failure title="The comparison cannot be shown" onRetry={() => void found.refetch()}>
        {problemText(found.error)}
      </Failure>
    );
  }
  if (total(first.counts) === 0) return <NothingCompared comparison={first} />;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {!first.is_on && (
        <Notice>
          No second engine runs now, so new photos are not compared. This is what was compared before.
        </Notice>
      )}
      <Agreement
        counts={first.counts}
        chosen={verdict}
        onChoose={(chosen) => setSearch(chosen ? { verdict: chosen } : {}, { replace: true })}
      />
      <Differences projectId={projectId} items={pages.flatMap(({ differences }) => differences.items)} />
      {found.hasNextPage && (
        <Button
          look="secondary"
          className="justify-self-center"
          isBusy={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </div>
  );
}

function NothingCompared({ comparison }: { comparison: Comparison }) {
  return (
    <Empty
      icon={ScanFace}
      title={comparison.is_on ? "Nothing has been compared yet" : "No second engine is running"}
    >
      {comparison.is_on
        ? "Each photo is compared after its faces were recognised, as soon as a guest is found in it."
        : "Whoever runs the platform can let a second engine look at new photos (FACE_SHADOW_ENGINE), to see how well it does before it decides anything."}
    </Empty>
  );
}

function Differences({ projectId, items }: { projectId: string; items: Difference[] }) {
  const [open, setOpen] = useState<Difference>();
  if (items.length === 0) return <Empty icon={CircleCheck} title="None of these" />;
  return (
    <>
      <ul aria-label="Matches" className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
        {items.map((item) => (
          <li key={`${item.photo_id} ${item.user_id}`}>
            <DifferenceCard difference={item} onOpen={() => setOpen(item)} />
          </li>
        ))}
      </ul>
      {open && (
        <DifferenceDialog projectId={projectId} difference={open} onClose={() => setOpen(undefined)} />
      )}
    </>
  );
}
