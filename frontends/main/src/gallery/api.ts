import { answer, type Schemas } from "@acme/api/main";
import type { Services } from "@/services";

export type Photo = Schemas["PhotoOut"];
export type PhotoDetail = Schemas["PhotoDetailOut"];
export type Project = Schemas["ProjectOut"];
export type ProjectDetail = Schemas["ProjectDetailOut"];

export interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}

export const FILTERS = ["all", "favourites", "unlocked"] as const;
export type Filter = (typeof FILTERS)[number];

const PAGE_SIZE = 200;

interface PhotoQuery {
  limit: number;
  cursor?: string;
  favourite?: true;
  unlocked?: true;
}

export function listProjects({ main }: Services, cursor: string | null): Promise<Page<Project>> {
  const query = { limit: PAGE_SIZE, ...(cursor && { cursor }) };
  return answer(main.GET("/v1/projects", { params: { query } }));
}

export function getProject({ main }: Services, projectId: string): Promise<ProjectDetail> {
  return answer(main.GET("/v1/projects/{project_id}", { params: { path: { project_id: projectId } } }));
}

export function listPhotos(
  { main }: Services,
  projectId: string,
  filter: Filter,
  cursor: string | null,
): Promise<Page<Photo>> {
  const query: PhotoQuery = {
    limit: PAGE_SIZE,
    ...(cursor && { cursor }),
    ...(filter === "favourites" && { favourite: true }),
    ...(filter === "unlocked" && { unlocked: true }),
  };
  const path = { project_id: projectId };
  return answer(main.GET("/v1/projects/{project_id}/photos", { params: { path, query } }));
}

export function getPhoto({ main }: Services, photoId: string): Promise<PhotoDetail> {
  return answer(main.GET("/v1/photos/{photo_id}", { params: { path: { photo_id: photoId } } }));
}

export async function rejectPhoto({ main }: Services, photoId: string): Promise<void> {
  await answer(main.DELETE("/v1/photos/{photo_id}/tags/me", { params: { path: { photo_id: photoId } } }));
}

export async function setFavourite({ main }: Services, photoId: string, isFavourite: boolean): Promise<void> {
  const options = { params: { path: { photo_id: photoId } } };
  const sending = isFavourite
    ? main.PUT("/v1/photos/{photo_id}/favourite", options)
    : main.DELETE("/v1/photos/{photo_id}/favourite", options);
  await answer(sending);
}

export function getDownload({ main }: Services, photoId: string): Promise<Schemas["DownloadOut"]> {
  return answer(main.GET("/v1/photos/{photo_id}/download", { params: { path: { photo_id: photoId } } }));
}
