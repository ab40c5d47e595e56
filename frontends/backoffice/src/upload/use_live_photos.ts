import type { EventData, Handlers } from "@acme/api/events";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLiveEvents } from "@/shell/live";
import { useLateRefresh } from "@/shell/use_late_refresh";
import type { ProjectUpload } from "./project_upload";
import { photoKeys } from "./queries";

type ProjectProgress = EventData["project.progress"];

/** Keeps what is shown of the project's photos true; answers the counts, once they have been told. */
export function useLivePhotos(projectId: string, upload: ProjectUpload): ProjectProgress | null {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<ProjectProgress | null>(null);
  const lists = useMemo(() => photoKeys.lists(projectId), [projectId]);
  const refreshLists = useLateRefresh(lists);
  const handlers = useMemo<Handlers>(
    () => ({
      "photo.changed": ({ photo_id, status }) => {
        upload.hear(photo_id, status);
        void queries.invalidateQueries({ queryKey: photoKeys.one(projectId, photo_id) });
        refreshLists();
      },
      "project.progress": (told) => told.project_id === projectId && setProgress(told),
      reset: () => void queries.invalidateQueries({ queryKey: photoKeys.all(projectId) }),
    }),
    [queries, projectId, upload, refreshLists],
  );
  useLiveEvents(handlers, projectId);
  return progress;
}
