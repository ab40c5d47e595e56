import type { EventData, Handlers } from "@acme/api/events";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLiveEvents } from "@/shell/live";
import { useLateRefresh } from "@/shell/use_late_refresh";
import { projectKeys } from "./queries";

type ProjectProgress = EventData["project.progress"];

/** Everybody's photos of the project appear by themselves; answers the counts, once they have been told. */
export function useLivePhotos(projectId: string): ProjectProgress | null {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<ProjectProgress | null>(null);
  const photos = useMemo(() => projectKeys.part(projectId, "photos"), [projectId]);
  const refreshPhotos = useLateRefresh(photos);
  const handlers = useMemo<Handlers>(
    () => ({
      "photo.changed": refreshPhotos,
      "project.progress": (told) => told.project_id === projectId && setProgress(told),
      reset: () => void queries.invalidateQueries({ queryKey: photos }),
    }),
    [queries, projectId, photos, refreshPhotos],
  );
  useLiveEvents(handlers, projectId);
  return progress;
}
