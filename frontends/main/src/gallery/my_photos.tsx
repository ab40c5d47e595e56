import { Button } from "@acme/ui/button";
import { Empty, Failure } from "@acme/ui/states";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Heart, Images, LockOpen } from "lucide-react";
import { lazy, Suspense, useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { tellFailure } from "@/shell/tell";
import { flatten } from "./addresses";
import type { Filter, Photo, Project } from "./api";
import { Grid } from "./grid";
import { useOpenPhoto } from "./open_photo";
import { PhotoTile } from "./photo_tile";
import { PhotosSkeleton } from "./photos_skeleton";
import { photosQuery, useFavourite } from "./queries";

const loadLightbox = () => import("./lightbox");
const Lightbox = lazy(loadLightbox);

export function MyPhotos({ project, filter }: { project: Project; filter: Filter }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(photosQuery(useServices(), project.id, filter));
  const photos = useMemo(() => flatten(list.data?.pages ?? []), [list.data]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = list;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  if (list.isPending) return <PhotosSkeleton />;
  if (list.isError && photos.length === 0) {
    return (
      <Failure
        title={t("problems.title")}
        retryLabel={t("actions.retry")}
        onRetry={() => void list.refetch()}
      >
        {problemText(list.error, t)}
      </Failure>
    );
  }
  if (photos.length === 0) return <NoPhotos project={project} filter={filter} />;
  return (
    <>
      <Photos photos={photos} project={project} filter={filter} onEndNear={loadMore} />
      {isFetchNextPageError && (
        <div className="mt-4">
          <Failure
            title={t("gallery.more_failed")}
            retryLabel={t("actions.retry")}
            onRetry={() => void fetchNextPage()}
          />
        </div>
      )}
    </>
  );
}

interface PhotosProps {
  photos: readonly Photo[];
  project: Project;
  filter: Filter;
  onEndNear: () => void;
}

function Photos({ photos, project, filter, onEndNear }: PhotosProps) {
  const { t } = useTranslation();
  const { photoId, open, show, close } = useOpenPhoto();
  const toggle = useToggleFavourite(project.id);
  const renderTile = useCallback(
    (photo: Photo, index: number) => (
      <PhotoTile photo={photo} index={index} onOpen={open} onFavourite={toggle} />
    ),
    [open, toggle],
  );
  const index = photos.findIndex((photo) => photo.id === photoId);
  const known = {
    all: project.my_photo_count,
    favourites: project.favourite_count,
    unlocked: project.unlocked_count,
  };
  return (
    <div onPointerEnter={() => void loadLightbox()}>
      <Grid photos={photos} label={t("gallery.photos")} renderTile={renderTile} onEndNear={onEndNear} />
      {index >= 0 && (
        <Suspense>
          <Lightbox
            photos={photos}
            index={index}
            total={Math.max(photos.length, known[filter])}
            projectId={project.id}
            onIndex={(next) => show(photos[next])}
            onFavourite={toggle}
            onClose={close}
            onEndNear={onEndNear}
          />
        </Suspense>
      )}
    </div>
  );
}

function useToggleFavourite(projectId: string): (photo: Photo) => void {
  const { t } = useTranslation();
  const { mutate } = useFavourite(projectId);
  return useCallback(
    (photo: Photo) =>
      mutate(
        { photoId: photo.id, isFavourite: !photo.is_favourite },
        { onError: (error) => void tellFailure(problemText(error, t)) },
      ),
    [mutate, t],
  );
}

function NoPhotos({ project, filter }: { project: Project; filter: Filter }) {
  const { t } = useTranslation();
  const icon = { all: Images, favourites: Heart, unlocked: LockOpen }[filter];
  return (
    <Empty
      icon={icon}
      title={t(`gallery.empty.${filter}`)}
      action={<WayOn project={project} filter={filter} />}
    >
      {filter === "all"
        ? t("gallery.empty.all_hint", { count: project.photo_count })
        : t(`gallery.empty.${filter}_hint`)}
    </Empty>
  );
}

function WayOn({ project, filter }: { project: Project; filter: Filter }) {
  const { t } = useTranslation();
  if (filter === "all" || project.my_photo_count === 0) return null;
  const [to, text] =
    filter === "favourites"
      ? ["?", t("gallery.show_all")]
      : [`/projects/${project.id}/buy`, t("gallery.buy")];
  return (
    <Button asChild look="secondary">
      <Link to={to} replace={filter === "favourites"} preventScrollReset>
        {text}
      </Link>
    </Button>
  );
}
