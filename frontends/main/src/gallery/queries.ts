import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { type Services, useServices } from "@/services";
import { keepAddresses } from "./addresses";
import {
  type Filter,
  getDownload,
  getPhoto,
  getProject,
  listPhotos,
  listProjects,
  type Page,
  type Photo,
  rejectPhoto,
  setFavourite,
} from "./api";
import { startDownload } from "./download";

type Pages = InfiniteData<Page<Photo>, string | null>;

/** Presigned addresses are good for minutes: what is older is asked for again before it is shown large. */
const ADDRESS_FRESH_MS = 4 * 60_000;

export const galleryKeys = {
  all: ["gallery"] as const,
  projects: () => [...galleryKeys.all, "projects"] as const,
  project: (projectId: string) => [...galleryKeys.all, "project", projectId] as const,
  photosOf: (projectId: string) => [...galleryKeys.all, "photos", projectId] as const,
  photos: (projectId: string, filter: Filter) => [...galleryKeys.photosOf(projectId), filter] as const,
  photo: (photoId: string) => [...galleryKeys.all, "photo", photoId] as const,
};

export function projectsQuery(services: Services) {
  return infiniteQueryOptions({
    queryKey: galleryKeys.projects(),
    queryFn: ({ pageParam }) => listProjects(services, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });
}

export function projectQuery(services: Services, projectId: string) {
  return queryOptions({
    queryKey: galleryKeys.project(projectId),
    queryFn: () => getProject(services, projectId),
  });
}

export function photosQuery(services: Services, projectId: string, filter: Filter) {
  const queryKey = galleryKeys.photos(projectId, filter);
  return infiniteQueryOptions({
    queryKey,
    queryFn: async ({ client, pageParam }) => {
      const page = await listPhotos(services, projectId, filter, pageParam);
      return { ...page, items: keepAddresses(client.getQueryData<Pages>(queryKey), page.items) };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });
}

export function photoQuery(services: Services, photoId: string) {
  return queryOptions({
    queryKey: galleryKeys.photo(photoId),
    queryFn: () => getPhoto(services, photoId),
    staleTime: ADDRESS_FRESH_MS,
    refetchInterval: ADDRESS_FRESH_MS,
  });
}

/** Shown at once, and taken back when the server says no. */
export function useFavourite(projectId: string) {
  const services = useServices();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ photoId, isFavourite }: { photoId: string; isFavourite: boolean }) =>
      setFavourite(services, photoId, isFavourite),
    onMutate: ({ photoId, isFavourite }) => mark(client, projectId, photoId, isFavourite),
    onError: (_, { photoId, isFavourite }) => mark(client, projectId, photoId, !isFavourite),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: galleryKeys.photos(projectId, "favourites") }),
        client.invalidateQueries({ queryKey: galleryKeys.project(projectId) }),
      ]),
  });
}

export function useRejectPhoto(projectId: string) {
  const services = useServices();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (photoId: string) => rejectPhoto(services, photoId),
    onSuccess: (_, photoId) => {
      changeItems(client, projectId, (items) => items.filter((photo) => photo.id !== photoId));
      void client.invalidateQueries({ queryKey: galleryKeys.project(projectId) });
      void client.invalidateQueries({ queryKey: galleryKeys.projects() });
    },
  });
}

export function useDownload() {
  const services = useServices();
  return useMutation({
    mutationFn: (photoId: string) => getDownload(services, photoId),
    onSuccess: ({ url, filename }) => startDownload(url, filename),
  });
}

function mark(client: QueryClient, projectId: string, photoId: string, isFavourite: boolean): void {
  changeItems(client, projectId, (items) =>
    items.map((photo) => (photo.id === photoId ? { ...photo, is_favourite: isFavourite } : photo)),
  );
}

function changeItems(client: QueryClient, projectId: string, change: (items: Photo[]) => Photo[]): void {
  client.setQueriesData<Pages>(
    { queryKey: galleryKeys.photosOf(projectId) },
    (known) =>
      known && { ...known, pages: known.pages.map((page) => ({ ...page, items: change(page.items) })) },
  );
}
