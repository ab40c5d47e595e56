import type { EventData, Handlers } from "@acme/api/events";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useLiveEvents } from "@/shell/live";
import type { ProjectUpload } from "./project_upload";
import { photoKeys } from "./queries";

const LISTS_AFTER_MS = 2000;

export type ProjectProgress = EventData["project.progress"];

/** Keeps what is shown of the project's photos true; answers the counts, once they have been told. */
export function useLivePhotos(projectId: string, upload: ProjectUpload): ProjectProgress | null {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<ProjectProgress | null>(null);
  const refreshing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const handlers = useMemo<Handlers>(() => {
    // An upload changes photos many times a second; the lists follow a little later.
    const refreshLists = () => {
      refreshing.current ??= setTimeout(() => {
        refreshing.current = undefined;
        void queries.invalidateQueries({ queryKey: photoKeys.lists(projectId) });
      }, LISTS_AFTER_MS);
    };
    return {
      "photo.changed": ({ photo_id, status }) => {
        upload.hear(photo_id, status);
        void queries.invalidateQueries({ queryKey: photoKeys.one(projectId, photo_id) });
        refreshLists();
      },
      "project.progress": (told) => told.project_id === projectId && setProgress(told),
      reset: () => void queries.invalidateQueries({ queryKey: photoKeys.all(projectId) }),
    };
  }, [queries, projectId, upload]);
  useEffect(() => () => clearTimeout(refreshing.current), []);
  useLiveEvents(handlers, projectId);
  return progress;
}
