import { followEvents, type Handlers } from "@acme/api/events";
import { useEffect } from "react";
import { useServices } from "@/services";

/** Follows the live events while the screen is shown. `handlers` has to stay the same between renders. */
export function useLiveEvents(handlers: Handlers, projectId?: string): void {
  const { config, session } = useServices();
  useEffect(() => {
    const query = projectId ? `?project_id=${encodeURIComponent(projectId)}` : "";
    return followEvents(config.media_api, session, handlers, query);
  }, [config, session, handlers, projectId]);
}
