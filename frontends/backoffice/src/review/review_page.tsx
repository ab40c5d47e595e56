import { PageHeader } from "@acme/ui/card";
import { cn } from "@acme/ui/lib/cn";
import { Empty } from "@acme/ui/states";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { Link, useParams, useSearchParams } from "react-router";
import { projectQuery } from "@/projects/queries";
import { useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { Title } from "@/shell/title";
import { type ReviewStatus, tagsQuery } from "./queries";
import { ReviewDesk } from "./review_desk";

const STATUSES: [ReviewStatus, string, string][] = [
  ["pending", "To decide", "Nothing waits for a decision"],
  ["confirmed", "Confirmed", "Nothing is confirmed yet"],
  ["rejected", "Rejected", "Nothing is rejected"],
];

export function Component() {
  const { projectId = "" } = useParams();
  const services = useServices();
  const [query] = useSearchParams();
  const [status, , nothing] = STATUSES.find(([name]) => name === query.get("status")) ??
    STATUSES[0] ?? ["pending", "", ""];
  const project = useQuery(projectQuery(services, projectId));
  const tags = useInfiniteQuery(tagsQuery(services, projectId, status));
  return (
    <>
      <Title>Review</Title>
      <PageHeader
        above={
          <Link to={`/projects/${projectId}`} className="inline-flex min-h-10 items-center">
            ← {project.data?.name ?? "The project"}
          </Link>
        }
        title="Review"
        description="Is the guest in the photo? Press ? for the keys."
      />
      <nav aria-label="Which matches" className="mb-5 flex gap-1 border-b">
        {STATUSES.map(([name, label]) => (
          <Link
            key={name}
            to={`?status=${name}`}
            replace
            aria-current={name === status ? "page" : undefined}
            className={cn(
              "-mb-px flex min-h-11 items-center border-b-2 border-transparent px-3 text-sm font-medium -outline-offset-2",
              name === status ? "border-primary" : "text-muted-foreground hover:text-foreground",
            )}
          >
            {label}
          </Link>
        ))}
      </nav>
      <Listed query={tags} what="The matches" empty={<Empty icon={CircleCheck} title={nothing} />}>
        {(items) => (
          <ReviewDesk
            key={status}
            projectId={projectId}
            status={status}
            tags={items}
            onNearEnd={() => tags.hasNextPage && !tags.isFetchingNextPage && void tags.fetchNextPage()}
          />
        )}
      </Listed>
    </>
  );
}
