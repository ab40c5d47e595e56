import type { HashReply, HashRequest } from "./hash_worker";
import { type Source, Unreadable } from "./upload_item";

const WORKERS = 2;

interface Waiting {
  resolve: (sha256: string) => void;
  reject: (reason: unknown) => void;
  onProgress: (bytes: number) => void;
}

/** SHA-256 off the page's own thread, by workers that are started when the first file comes. */
export class Hasher {
  readonly #workers: Worker[] = [];
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  async sha256(file: Source, signal: AbortSignal, onProgress: (bytes: number) => void): Promise<string> {
    this.#last += 1;
    const id = this.#last;
    const stopped = () => this.#settle(id)?.reject(signal.reason);
    signal.addEventListener("abort", stopped);
    try {
      return await new Promise<string>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject, onProgress });
        this.#worker(id).postMessage({ id, file } satisfies HashRequest);
      });
    } finally {
      signal.removeEventListener("abort", stopped);
    }
  }

  close(): void {
    for (const worker of this.#workers.splice(0)) worker.terminate();
  }

  #worker(id: number): Worker {
    const place = id % WORKERS;
    const known = this.#workers[place];
    if (known) return known;
    const worker = new Worker(new URL("./hash_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = (event: MessageEvent<HashReply>) => this.#replied(event.data);
    this.#workers[place] = worker;
    return worker;
  }

  #replied(reply: HashReply): void {
    if (reply.kind === "progress") this.#waiting.get(reply.id)?.onProgress(reply.bytes);
    else if (reply.kind === "done") this.#settle(reply.id)?.resolve(reply.sha256);
    else this.#settle(reply.id)?.reject(new Unreadable("The file cannot be read"));
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
