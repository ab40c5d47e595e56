import { Button } from "@acme/ui/button";
import { PageHeader } from "@acme/ui/card";
import { Photo } from "@acme/ui/photo";
import { Progress } from "@acme/ui/progress";
import { Empty, Failure, Skeleton } from "@acme/ui/states";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Images, QrCode } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useSearchParams } from "react-router";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import type { Project } from "./api";
import { EventFacts } from "./event_facts";
import { useLiveProjects } from "./live";
import { photosQuery, projectsQuery } from "./queries";

export function Component() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(projectsQuery(useServices()));
  const [search] = useSearchParams();
  useLiveProjects();
  const projects = list.data?.pages.flatMap((page) => page.items) ?? [];
  const [only] = projects;
  if (only && projects.length === 1 && !search.has("all")) {
    return <Navigate to={`/projects/${only.id}`} replace />;
  }
  return (
    <>
      <title>{`${t("gallery.projects.title")} · ${t("app.name")}`}</title>
      <PageHeader title={t("gallery.projects.title")} />
      {list.isPending && <ProjectsSkeleton />}
      {list.isError && (
        <Failure
          title={t("problems.title")}
          retryLabel={t("actions.retry")}
          onRetry={() => void list.refetch()}
        >
          {problemText(list.error, t)}
        </Failure>
      )}
      {list.data && projects.length === 0 && (
        <Empty icon={QrCode} title={t("gallery.projects.empty")}>
          {t("gallery.projects.empty_hint")}
        </Empty>
      )}
      <ul className="grid gap-6 sm:grid-cols-2 lg:grid-cols-3">
        {projects.map((project) => (
          <li key={project.id}>
            <ProjectCard project={project} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button
          look="secondary"
          className="mt-6"
          isBusy={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t("gallery.projects.more")}
        </Button>
      )}
    </>
  );
}

function ProjectCard({ project }: { project: Project }) {
  const { t } = useTranslation();
  const { state, done, total } = project.matching;
  return (
    <article className="group relative grid overflow-hidden rounded-lg border bg-surface shadow-xs transition-shadow hover:shadow-md">
      <div className="aspect-[3/2]">
        <Cover project={project} />
      </div>
      <div className="grid gap-1 p-4">
        <h2 className="font-semibold">
          <Link to={`/projects/${project.id}`} className="after:absolute after:inset-0">
            {project.name}
          </Link>
        </h2>
        <p className="text-sm text-muted-foreground">
          <EventFacts project={project} />
        </p>
        <p className="text-sm">{t("gallery.projects.found", { count: project.my_photo_count })}</p>
        {state === "running" && total > 0 && (
          <Progress value={done / total} label={t("gallery.matching", { done, total })} className="mt-2" />
        )}
      </div>
    </article>
  );
}

/** The operator's picture of the event, else the newest photo of the guest. */
function Cover({ project }: { project: Project }) {
  const isAsked = !project.cover_url && project.my_photo_count > 0;
  const list = useInfiniteQuery({ ...photosQuery(useServices(), project.id, "all"), enabled: isAsked });
  const newest = list.data?.pages[0]?.items[0];
  const address = project.cover_url ?? newest?.thumbnail_url;
  if (address) {
    return (
      <Photo
        key={address}
        src={address}
        alt=""
        thumbhash={newest?.thumbhash}
        crop={newest && { photo: newest, frame: 3 / 2 }}
      />
    );
  }
  return (
    <div className="grid size-full place-items-center bg-muted text-muted-foreground">
      <Images className="size-8" aria-hidden />
    </div>
  );
}

function ProjectsSkeleton() {
  return (
    <div className="grid gap-6 sm:grid-cols-2 lg:grid-cols-3">
      {["a", "b", "c"].map((name) => (
        <Skeleton key={name} className="aspect-[4/3] rounded-lg" />
      ))}
    </div>
  );
}
