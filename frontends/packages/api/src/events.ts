import { EventSource } from "eventsource";
import type { TokenSource } from "./client";

/** What the services tell; see the event catalogue of the media service. */
export interface EventData {
  ready: Record<string, never>;
  reset: Record<string, never>;
  "photo.changed": {
    project_id: string;
    photo_id: string;
    status: "processing" | "ready" | "failed";
    recognition_state: "pending" | "done" | "failed";
    failure_code: string | null;
  };
  "project.progress": {
    project_id: string;
    awaited: number;
    processing: number;
    ready: number;
    failed: number;
  };
  "selfie.changed": {
    selfie_id: string;
    status: "pending" | "approved" | "rejected";
    rejection_reason: string | null;
  };
  "matches.found": { project_id: string; photo_ids: string[] };
  "matching.progress": {
    project_id: string;
    state: "idle" | "running" | "done";
    done: number;
    total: number;
  };
  "purchase.changed": {
    project_id: string;
    purchase_id: string;
    status: "pending" | "paid" | "failed";
    is_refunded: boolean;
    is_disputed: boolean;
  };
  "archive.changed": { purchase_id: string; state: string };
  "erasure.completed": { receipt_id: string };
}

export type EventName = keyof EventData;
const REOPEN_MS = 5000;

export type Handlers = { [Name in EventName]?: (data: EventData[Name]) => void };

/**
 * Follows the live events until the returned function is called. A lost connection is opened again, and what was
 * missed is told then; `reset` says that too much was missed, and everything has to be loaded anew.
 */
export function followEvents(
  mediaUrl: string,
  tokens: TokenSource,
  handlers: Handlers,
  query = "",
): () => void {
  let source = open();
  let reopening: ReturnType<typeof setTimeout> | undefined;

  function open(): EventSource {
    const opened = new EventSource(`${mediaUrl}/v1/events${query}`, { fetch: authorized(tokens) });
    for (const [name, handler] of Object.entries(handlers) as [EventName, (data: never) => void][]) {
      opened.addEventListener(name, (event) => handler(JSON.parse(event.data) as never));
    }
    opened.addEventListener("error", () => {
      if (opened.readyState === opened.CLOSED) reopening = setTimeout(reopen, REOPEN_MS);
    });
    return opened;
  }

  /** An answer that is no stream ends an EventSource for good: a service that restarts gives such answers. */
  function reopen(): void {
    source = open();
    handlers.reset?.({});
  }

  return () => {
    clearTimeout(reopening);
    source.close();
  };
}

function authorized(tokens: TokenSource): (input: string | URL, init: RequestInit) => Promise<Response> {
  return async (input, init) => {
    const token = await tokens.token();
    return fetch(input, {
      ...init,
      headers: { ...init.headers, ...(token && { Authorization: `Bearer ${token}` }) },
    });
  };
}
