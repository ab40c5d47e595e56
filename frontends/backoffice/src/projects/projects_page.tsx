import { answer } from "@acme/api/backoffice";
import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { PageHeader } from "@acme/ui/card";
import { Input } from "@acme/ui/input";
import { dateRange } from "@acme/ui/lib/format";
import { Photo } from "@acme/ui/photo";
import { Empty } from "@acme/ui/states";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Images, Trash2 } from "lucide-react";
import { useDeferredValue } from "react";
import { Link } from "react-router";
import { useAccount, useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { useParameters } from "@/shell/parameters";
import { Title } from "@/shell/title";
import { useChange } from "@/shell/use_change";
import { NewProject } from "./new_project";
import { coverQuery, type ListedProject, projectKeys, projectsQuery } from "./queries";

export function Component() {
  const { query, set } = useParameters();
  const search = useDeferredValue(query.get("q") ?? "");
  const isDeleted = query.get("deleted") === "1";
  const projects = useInfiniteQuery(projectsQuery(useServices(), search, isDeleted));
  return (
    <>
      <Title>Projects</Title>
      <PageHeader
        title="Projects"
        description="Your events, from the first QR code to the last sale."
        actions={<NewProject />}
      />
      <div className="mb-5 flex flex-wrap gap-3">
        <Input
          type="search"
          aria-label="Search projects"
          placeholder="Search by name or place"
          className="max-w-sm"
          defaultValue={search}
          onChange={({ target }) => set("q", target.value)}
        />
        <Button
          look="secondary"
          aria-pressed={isDeleted}
          onClick={() => set("deleted", isDeleted ? "" : "1", { replace: false })}
        >
          <Trash2 aria-hidden /> {isDeleted ? "Back to the projects" : "Deleted projects"}
        </Button>
      </div>
      <Listed
        query={projects}
        what="The projects"
        empty={<None isSearch={search !== ""} isDeleted={isDeleted} />}
      >
        {(items) => (
          <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
            {items.map((project) => (
              <li key={project.id}>
                <ProjectCard project={project} />
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </>
  );
}

function ProjectCard({ project }: { project: ListedProject }) {
  const { locale } = useAccount();
  const zone = project.timezone ?? undefined;
  const facts = [dateRange(project.start_at, project.end_at, locale ?? "en", zone), project.location_name];
  const shape = "grid h-full grid-rows-[auto_1fr] overflow-hidden rounded-lg border bg-surface";
  const body = (
    <span className="grid content-between gap-4 p-5">
      <span className="grid gap-1">
        <span className="text-lg font-semibold text-balance">{project.name}</span>
        <span className="text-sm text-muted-foreground">
          {facts.filter(Boolean).join(" · ") || "No date yet"}
        </span>
      </span>
      <span className="flex flex-wrap gap-x-4 gap-y-2 text-sm">
        <span>{project.photo_count} photos</span>
        <span>{project.member_count} guests</span>
        {project.pending_tag_count > 0 && <Badge tone="warning">{project.pending_tag_count} to review</Badge>}
      </span>
      {project.deleted_at && <Restore project={project} />}
    </span>
  );
  if (project.deleted_at) {
    return (
      <div className={shape}>
        <NoCover />
        {body}
      </div>
    );
  }
  return (
    <Link to={`/projects/${project.id}`} className={`${shape} transition-colors hover:bg-muted`}>
      <Cover project={project} />
      {body}
    </Link>
  );
}

/** The newest photo. */
function Cover({ project }: { project: ListedProject }) {
  const cover = useQuery({ ...coverQuery(useServices(), project.id), enabled: project.photo_count > 0 });
  const [photo] = cover.data?.items ?? [];
  if (!photo?.thumbnail_url) return <NoCover />;
  return (
    <span className="block aspect-[5/2]">
      <Photo src={photo.thumbnail_url} alt="" thumbhash={photo.thumbhash} crop={{ photo, frame: 5 / 2 }} />
    </span>
  );
}

function NoCover() {
  return (
    <span className="grid aspect-[5/2] place-items-center bg-muted text-muted-foreground">
      <Images className="size-7" aria-hidden />
    </span>
  );
}

function Restore({ project }: { project: ListedProject }) {
  const { backoffice } = useServices();
  const path = { project_id: project.id };
  const restore = useChange({
    run: () => answer(backoffice.POST("/v1/projects/{project_id}/restore", { params: { path } })),
    changes: [projectKeys.all],
    done: `${project.name} is back`,
  });
  return (
    <Button look="secondary" isBusy={restore.isPending} onClick={() => restore.mutate()}>
      Restore
    </Button>
  );
}

function None({ isSearch, isDeleted }: { isSearch: boolean; isDeleted: boolean }) {
  if (isDeleted) return <Empty icon={Trash2} title="No deleted projects" />;
  if (isSearch) return <Empty icon={Images} title="No project fits the search" />;
  return (
    <Empty icon={Images} title="No projects yet" action={<NewProject />}>
      A project is one event: its photos, its guests, its QR codes and its sales.
    </Empty>
  );
}
