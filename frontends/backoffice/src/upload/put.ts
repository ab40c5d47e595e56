import { Problem, Unreachable } from "@acme/api/problem";
import { type Sent, type Source, type Ticket, Unreadable } from "./upload_item";

/** Set by the browser from the body; scripts may not. */
const BROWSERS_OWN = new Set(["content-length", "host"]);
const STALLED_MS = 60_000;

/** XMLHttpRequest, because fetch does not tell how much has been sent. */
export async function put(
  ticket: Ticket,
  file: Source,
  signal: AbortSignal,
  onProgress: (bytes: number) => void,
): Promise<Sent> {
  const request = await sent(ticket, file, signal, onProgress);
  const { status } = request;
  // The store takes each key once: "precondition failed" says that it holds this file.
  if ((status >= 200 && status < 300) || status === 412) return "arrived";
  if (status === 403) return "expired";
  const wait = Number(request.getResponseHeader("Retry-After")) || null;
  throw new Problem(status, `store_${status}`, `The store answered ${status}`, [], wait);
}

function sent(
  ticket: Ticket,
  file: Source,
  signal: AbortSignal,
  onProgress: (bytes: number) => void,
): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    const watch = watchdog(stop);
    request.upload.onprogress = (event) => {
      watch.feed();
      onProgress(Math.min(event.loaded, file.size));
    };
    request.onload = () => resolve(request);
    request.onerror = () => void whyNot(file).then(reject);
    request.onabort = () => reject(signal.aborted ? signal.reason : new Unreachable("The upload stalled"));
    request.onloadend = () => {
      watch.end();
      signal.removeEventListener("abort", stop);
    };
    request.open("PUT", ticket.url);
    for (const [name, value] of Object.entries(ticket.headers))
      if (!BROWSERS_OWN.has(name.toLowerCase())) request.setRequestHeader(name, value);
    signal.addEventListener("abort", stop);
    request.send(file);
  });
}

/** The browser tells a lost network and a lost file in the same way. */
async function whyNot(file: Source): Promise<Error> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return new Unreachable("The store does not answer");
  } catch {
    return new Unreadable("The file cannot be read");
  }
}

/** A connection that died without a word is given up, to be tried anew. */
function watchdog(stop: () => void): { feed: () => void; end: () => void } {
  let timer = setTimeout(stop, STALLED_MS);
  return {
    feed: () => {
      clearTimeout(timer);
      timer = setTimeout(stop, STALLED_MS);
    },
    end: () => clearTimeout(timer),
  };
}
