import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { Card, CardHeader } from "@acme/ui/card";
import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Figures } from "@/dashboard/figures";
import { FunnelSteps } from "@/dashboard/funnel_steps";
import { summaryQuery } from "@/dashboard/queries";
import { useServices } from "@/services";
import { Loaded, type Page } from "@/shell/loaded";
import { useProject } from "./project_page";
import { hideRequestsQuery, selfieConflictsQuery } from "./queries";

export function Component() {
  const project = useProject();
  const summary = useQuery(summaryQuery(useServices(), { projectId: project.id }));
  return (
    <Loaded query={summary} what="The figures">
      {(found) => (
        <div className="grid gap-6">
          <Figures summary={found} />
          <Waiting
            count={String(found.tags.pending)}
            one="match waits for a decision"
            many="matches wait for a decision"
            to="review"
          >
            Review them
          </Waiting>
          <RequestsOfGuests projectId={project.id} />
          <Card>
            <CardHeader title="From the door to the sale" description="How many guests came how far" />
            <FunnelSteps funnel={found.funnel} />
          </Card>
        </div>
      )}
    </Loaded>
  );
}

function RequestsOfGuests({ projectId }: { projectId: string }) {
  const services = useServices();
  const hiding = useInfiniteQuery(hideRequestsQuery(services, projectId, "pending"));
  const conflicts = useInfiniteQuery(selfieConflictsQuery(services, projectId, false));
  return (
    <>
      <Waiting
        count={countOf(hiding)}
        one="wish to be hidden waits for a decision"
        many="wishes to be hidden wait for a decision"
        to="hide-requests"
      >
        Decide them
      </Waiting>
      <Waiting
        count={countOf(conflicts)}
        one="pair of guests has the same face"
        many="pairs of guests have the same face"
        to="selfie-conflicts"
      >
        Look at them
      </Waiting>
    </>
  );
}

/** As many as are loaded: nobody needs to know how many hundreds more there are. */
function countOf<Item>({ data, hasNextPage }: UseInfiniteQueryResult<InfiniteData<Page<Item>>>): string {
  const count = data?.pages.flatMap((page) => page.items).length ?? 0;
  return hasNextPage ? `${count}+` : String(count);
}

interface WaitingProps {
  count: string;
  /** What it counts, when it is one, and when it is many. */
  one: string;
  many: string;
  to: string;
  children: ReactNode;
}

function Waiting({ count, one, many, to, children }: WaitingProps) {
  const project = useProject();
  if (count === "0") return null;
  return (
    <Card className="flex flex-wrap items-center justify-between gap-3">
      <p>
        <Badge tone="warning">{count}</Badge> {count === "1" ? one : many}.
      </p>
      <Button asChild>
        <Link to={`/projects/${project.id}/${to}`}>{children}</Link>
      </Button>
    </Card>
  );
}
