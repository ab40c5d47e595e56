import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useLiveEvent } from "@/shell/live";
import type { Project } from "./api";
import { galleryKeys } from "./queries";

/** Matches come in bursts: one reload for all that come within this time. */
const COLLECT_MS = 1500;
const PER_PAGE_MS = 200;

/** Keeps the gallery of a project up to date; answers how many photos were found since the page was opened. */
export function useLiveGallery(projectId: string): number {
  const client = useQueryClient();
  const [found, setFound] = useState(0);
  const reload = useCollected(() => reloadGallery(client, projectId));
  useLiveEvent("matches.found", (event) => {
    if (event.project_id !== projectId) return;
    setFound((known) => known + event.photo_ids.length);
    reload(COLLECT_MS + PER_PAGE_MS * loadedPages(client, projectId));
  });
  useLiveEvent("matching.progress", ({ project_id, ...matching }) => {
    if (project_id !== projectId) return;
    client.setQueryData<Project>(galleryKeys.project(projectId), (known) => known && { ...known, matching });
    if (matching.state === "done") reload(COLLECT_MS);
  });
  useLiveEvent("purchase.changed", (event) => {
    if (event.project_id === projectId) reload(0);
  });
  useLiveEvent("reset", () => reload(0));
  return found;
}

/** The overview's cards. */
export function useLiveProjects(): void {
  const client = useQueryClient();
  const reload = useCollected(() => client.invalidateQueries({ queryKey: galleryKeys.projects() }));
  useLiveEvent("matches.found", () => reload(COLLECT_MS));
  useLiveEvent("matching.progress", () => reload(COLLECT_MS));
  useLiveEvent("reset", () => reload(0));
}

function reloadGallery(client: QueryClient, projectId: string): void {
  void client.invalidateQueries({ queryKey: galleryKeys.photosOf(projectId) });
  void client.invalidateQueries({ queryKey: galleryKeys.project(projectId) });
  void client.invalidateQueries({ queryKey: galleryKeys.projects() });
}

function loadedPages(client: QueryClient, projectId: string): number {
  const lists = client.getQueriesData<{ pages: unknown[] }>({ queryKey: galleryKeys.photosOf(projectId) });
  return lists.reduce((sum, [, list]) => sum + (list?.pages.length ?? 0), 0);
}

/** The call waits, and those that come meanwhile are one with it. */
function useCollected(call: () => unknown): (delayMs: number) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (delayMs) => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      call();
    }, delayMs);
  };
}
