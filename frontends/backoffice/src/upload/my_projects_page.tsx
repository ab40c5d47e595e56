import { Button } from "@acme/ui/button";
import { PageHeader } from "@acme/ui/card";
import { dateRange } from "@acme/ui/lib/format";
import { Photo } from "@acme/ui/photo";
import { Empty, Failure, Skeleton } from "@acme/ui/states";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CalendarX2, MapPin } from "lucide-react";
import { Link } from "react-router";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { covers, myProjects } from "./queries";

const GRID = "grid gap-5 sm:grid-cols-2 lg:grid-cols-3";

export function Component() {
  return (
    <>
      <title>My projects · Acme Photos</title>
      <PageHeader
        title="My projects"
        description="The events you photograph. Choose one to add its photos."
      />
      <Projects />
    </>
  );
}

function Projects() {
  const services = useServices();
  const found = useInfiniteQuery(myProjects(services));
  if (found.isPending) return <Waiting />;
  if (found.isError)
    return (
      <Failure title="Your projects cannot be shown" onRetry={() => void found.refetch()}>
        {problemText(found.error)}
      </Failure>
    );
  if (found.data.length === 0)
    return (
      <Empty icon={CalendarX2} title="You are not assigned to a project yet">
        The operator who invited you assigns you to an event. It then appears here.
      </Empty>
    );
  return (
    <>
      <ul className={GRID}>
        {found.data.map((project) => (
          <li key={project.id}>
            <ProjectCard project={project} />
          </li>
        ))}
      </ul>
      {found.hasNextPage && (
        <Button
          look="secondary"
          className="mx-auto mt-6 flex"
          isBusy={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}

interface ProjectCardProps {
  project: {
    id: string;
    name: string;
    location_name: string | null;
    start_at: string | null;
    end_at: string | null;
    timezone: string | null;
  };
}

function ProjectCard({ project }: ProjectCardProps) {
  const { name, start_at, end_at, timezone, location_name } = project;
  const dates = dateRange(start_at, end_at, "en", timezone ?? undefined);
  return (
    <Link
      to={`/my-projects/${project.id}`}
      className="group block overflow-hidden rounded-lg border bg-surface shadow-xs transition-shadow hover:shadow-md"
    >
      <Cover projectId={project.id} />
      <div className="grid gap-1 p-4">
        <h2 className="font-semibold text-balance group-hover:underline group-hover:underline-offset-4">
          {name}
        </h2>
        <p className="text-sm text-muted-foreground">{dates ?? "No date set"}</p>
        {location_name && (
          <p className="flex items-center gap-1.5 text-sm text-muted-foreground">
            <MapPin className="size-4 shrink-0" aria-hidden /> {location_name}
          </p>
        )}
      </div>
    </Link>
  );
}

/** The newest photos; an even ground where there are none yet. */
function Cover({ projectId }: { projectId: string }) {
  const { data } = useQuery(covers(useServices(), projectId));
  const [first, ...others] = data ?? [];
  if (!first)
    return (
      <div className="grid aspect-[3/2] place-items-center bg-muted text-sm text-muted-foreground">
        {data && "No photos yet"}
      </div>
    );
  if (others.length < 3)
    return (
      <div className="aspect-[3/2]">
        <Photo
          alt=""
          src={first.thumbnail_url ?? undefined}
          thumbhash={first.thumbhash}
          crop={{ photo: first, frame: 3 / 2 }}
        />
      </div>
    );
  return (
    <div className="grid aspect-[3/2] grid-cols-3 grid-rows-3 gap-0.5">
      <Photo
        alt=""
        src={first.thumbnail_url ?? undefined}
        thumbhash={first.thumbhash}
        crop={{ photo: first, frame: 1 }}
        className="col-span-2 row-span-3"
      />
      {others.map((each) => (
        <Photo
          key={each.id}
          alt=""
          src={each.thumbnail_url ?? undefined}
          thumbhash={each.thumbhash}
          crop={{ photo: each, frame: 3 / 2 }}
        />
      ))}
    </div>
  );
}

function Waiting() {
  return (
    <div className={GRID} role="status" aria-label="Loading your projects">
      {["a", "b", "c"].map((key) => (
        <div key={key} className="overflow-hidden rounded-lg border bg-surface">
          <Skeleton className="aspect-[3/2] rounded-none" />
          <div className="grid gap-2 p-4">
            <Skeleton className="h-5 w-2/3" />
            <Skeleton className="h-4 w-1/2" />
          </div>
        </div>
      ))}
    </div>
  );
}
