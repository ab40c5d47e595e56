import { hasCode } from "@acme/api/problem";
import { Button } from "@acme/ui/button";
import { cn } from "@acme/ui/lib/cn";
import { Failure, Skeleton } from "@acme/ui/states";
import { usePrefetchInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { FILTERS, type Filter, type Project, type ProjectDetail } from "./api";
import { FindMe } from "./find_me";
import { GalleryHeader } from "./gallery_header";
import { useLiveGallery } from "./live";
import { MyPhotos } from "./my_photos";
import { PhotosSkeleton } from "./photos_skeleton";
import { photosQuery, projectQuery } from "./queries";
import { shownFilter } from "./shown_filter";
import { VerifyFirst } from "./verify_first";

export function Component() {
  const { projectId = "" } = useParams();
  const { t } = useTranslation();
  const services = useServices();
  const filter = useFilter();
  const project = useQuery(projectQuery(services, projectId));
  // Beside the project, not after it, where the router has not begun with it.
  usePrefetchInfiniteQuery(photosQuery(services, projectId, filter));
  if (project.data) return <Gallery key={projectId} project={project.data} />;
  if (project.isPending) return <GallerySkeleton />;
  const isGone = hasCode(project.error, "project_not_found");
  return (
    <>
      <title>{`${t("gallery.title")} · ${t("app.name")}`}</title>
      <h1 className="sr-only">{t("gallery.title")}</h1>
      <Failure
        title={isGone ? t("gallery.no_event") : t("problems.title")}
        retryLabel={t("actions.retry")}
        {...(isGone ? {} : { onRetry: () => void project.refetch() })}
      >
        {isGone ? t("gallery.no_event_hint") : problemText(project.error, t)}
      </Failure>
      <Button asChild look="link" className="mt-4">
        <Link to="/?all">{t("gallery.all_events")}</Link>
      </Button>
    </>
  );
}

function useFilter(): Filter {
  const [search] = useSearchParams();
  return shownFilter(search);
}

function Gallery({ project }: { project: ProjectDetail }) {
  const { t } = useTranslation();
  const found = useLiveGallery(project.id);
  const filter = useFilter();
  return (
    <>
      <title>{`${project.name} · ${t("app.name")}`}</title>
      <GalleryHeader project={project} />
      <p role="status" className="sr-only">
        {found > 0 && t("gallery.found", { count: found })}
      </p>
      <FindMe project={project} />
      {project.needs_verified_email && <VerifyFirst />}
      {(project.my_photo_count > 0 || filter !== "all") && <Filters project={project} chosen={filter} />}
      <MyPhotos key={filter} project={project} filter={filter} />
    </>
  );
}

function Filters({ project, chosen }: { project: Project; chosen: Filter }) {
  const { t } = useTranslation();
  const counts: Record<Filter, number | undefined> = {
    all: project.my_photo_count,
    favourites: project.favourite_count,
    unlocked: project.unlocked_count,
  };
  return (
    <nav aria-label={t("gallery.filters.label")} className="mb-4 flex gap-1 overflow-x-auto border-b">
      {FILTERS.map((filter) => (
        <Link
          key={filter}
          to={filter === "all" ? "?" : `?show=${filter}`}
          replace
          preventScrollReset
          aria-current={filter === chosen ? "page" : undefined}
          className={cn(
            "-mb-px flex min-h-11 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-3 text-sm font-medium -outline-offset-2",
            filter === chosen ? "border-primary" : "text-muted-foreground hover:text-foreground",
          )}
        >
          {t(`gallery.filters.${filter}`)}
          {counts[filter] !== undefined && (
            <span className="text-xs text-muted-foreground tabular-nums">{counts[filter]}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}

function GallerySkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status">
      <span className="sr-only">{t("states.loading")}</span>
      <Skeleton className="mb-3 h-8 w-64" />
      <Skeleton className="mb-8 h-5 w-48" />
      <PhotosSkeleton />
    </div>
  );
}
