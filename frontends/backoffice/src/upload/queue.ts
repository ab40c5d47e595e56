import { Problem } from "@acme/api/problem";
import { Hold } from "./hold";
import { ItemTable } from "./item_table";
import { failureOf, isPassing, MOST_TRIES } from "./retrying";
import { Speed, secondsLeft } from "./speed";
import type {
  Announced,
  Announcement,
  Source,
  Transport,
  UploadFailure,
  UploadItem,
  UploadState,
} from "./upload_item";

export interface QueueOptions {
  parallelHashes: number;
  parallelSends: number;
  /** As many files as one call may announce. */
  batchSize: number;
  /** Hashed files that wait to be announced; more would only cost the disk time that sending needs. */
  hashedAhead: number;
  /** A ticket with less time left is renewed before it is used. */
  ticketMarginMs: number;
}

const DEFAULTS: QueueOptions = {
  parallelHashes: 2,
  parallelSends: 4,
  batchSize: 100,
  hashedAhead: 200,
  ticketMarginMs: 30_000,
};

export type QueueStatus = "idle" | "busy" | "paused" | "signed-out" | "offline" | "holding" | "finished";

export interface QueueSummary {
  status: QueueStatus;
  counts: Record<UploadState, number>;
  total: number;
  /** How many of the failed may be tried again. */
  retriable: number;
  bytes: number;
  bytesDone: number;
  /** Bytes per second. */
  rate: number | null;
  secondsLeft: number | null;
  /** While holding: when the next try begins. */
  heldUntil: number | null;
}

/**
 * Uploads thousands of files: hash, announce in batches, PUT, complete.
 *
 * Uppy was considered. Its uploaders ask for one address per file and know neither a hash that is needed before,
 * nor a server that answers "I have this already", nor a whole batch of presigned PUTs; its file state lives in one
 * object that is copied at every progress event. What would be left of it is the part written here.
 */
export class UploadQueue {
  readonly #options: QueueOptions;
  readonly #table = new ItemTable();
  readonly #speed = new Speed();
  readonly #listeners = new Set<() => void>();
  readonly #running = new Set<AbortController>();
  readonly #ids = new Map<string, number>();
  #isAnnouncing = false;
  #isPaused = false;
  #isSignedOut = false;
  #isOnline = true;
  #wasMoving = false;
  readonly #hold = new Hold(() => this.#moved());

  constructor(
    private readonly transport: Transport,
    options: Partial<QueueOptions> = {},
  ) {
    this.#options = { ...DEFAULTS, ...options };
  }

  get items(): readonly UploadItem[] {
    return this.#table.items;
  }

  get isBusy(): boolean {
    return this.#table.open > 0;
  }

  idsOf(states: readonly UploadState[]): number[] {
    return states.flatMap((state) => [...this.#table.of(state)]);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same path and size once only, whoever drops it how often. Answers how many are new. */
  add(files: Iterable<{ path: string; file: Source; contentType: string }>): number {
    let added = 0;
    for (const { path, file, contentType } of files) {
      const key = `${path}\n${file.size}`;
      if (this.#ids.has(key)) continue;
      this.#ids.set(key, this.#table.add(path, file, contentType));
      added += 1;
    }
    this.#moved();
    return added;
  }

  /** Files under way are finished, no other is begun. */
  pause(): void {
    this.#isPaused = true;
    this.#moved();
  }

  resume(): void {
    this.#isPaused = false;
    this.#isSignedOut = false;
    this.#hold.release();
    this.#moved();
  }

  setOnline(isOnline: boolean): void {
    if (isOnline === this.#isOnline) return;
    this.#isOnline = isOnline;
    if (isOnline) this.#hold.release();
    else for (const controller of this.#running) controller.abort();
    this.#moved();
  }

  retry(id: number): void {
    const item = this.items[id];
    if (item?.state !== "failed" || !item.failure?.canRetry) return;
    this.#change(id, { state: item.sha256 ? "hashed" : "waiting", failure: null, tries: 0, progress: 0 });
    this.#moved();
  }

  retryAll(): void {
    for (const id of [...this.#table.of("failed")]) this.retry(id);
  }

  /** All of the queue is dropped. */
  stop(): void {
    this.#hold.release();
    this.#isPaused = true;
    for (const controller of this.#running) controller.abort();
    this.#listeners.clear();
  }

  summary(now = Date.now()): QueueSummary {
    const { bytes, bytesDone, counts, items } = this.#table;
    const rate = this.#isMoving ? this.#speed.rate(now) : null;
    return {
      status: this.#status(),
      counts: counts(),
      total: items.length,
      retriable: [...this.#table.of("failed")].filter((id) => items[id]?.failure?.canRetry).length,
      bytes,
      bytesDone,
      rate,
      secondsLeft: secondsLeft(bytes - bytesDone, rate),
      heldUntil: this.#hold.until,
    };
  }

  get #isMoving(): boolean {
    return this.isBusy && !this.#isPaused && this.#isOnline && this.#hold.until === null;
  }

  #status(): QueueStatus {
    if (this.items.length === 0) return "idle";
    if (!this.isBusy) return "finished";
    if (!this.#isOnline) return "offline";
    if (this.#isPaused) return this.#isSignedOut ? "signed-out" : "paused";
    return this.#hold.until === null ? "busy" : "holding";
  }

  #moved(): void {
    if (this.#isMoving && !this.#wasMoving) this.#speed.start(Date.now());
    this.#wasMoving = this.#isMoving;
    if (this.#isMoving) this.#pump();
    for (const listener of this.#listeners) listener();
  }

  #pump(): void {
    const { parallelHashes, parallelSends, hashedAhead } = this.#options;
    const table = this.#table;
    while (table.count("sending") + table.count("completing") < parallelSends) {
      const id = table.first("announced");
      if (id === undefined) break;
      this.#begin(id);
    }
    // Tickets run out, so no more are asked for than are soon used.
    if (!this.#isAnnouncing && table.count("announced") < parallelSends && table.count("hashed") > 0)
      void this.#announce();
    while (table.count("hashing") < parallelHashes && table.count("hashed") < hashedAhead) {
      const id = table.first("waiting");
      if (id === undefined) break;
      void this.#hash(id);
    }
  }

  async #hash(id: number): Promise<void> {
    const item = this.#change(id, { state: "hashing", progress: 0 });
    await this.#attempt([id], "waiting", async (signal) => {
      const sha256 = await this.transport.hash(item.file, signal, (progress) => {
        this.#change(id, { progress });
        this.#tell();
      });
      this.#change(id, {
        state: this.#table.claim(sha256, id) ? "hashed" : "duplicate",
        sha256,
        progress: 0,
      });
    });
  }

  async #announce(): Promise<void> {
    this.#isAnnouncing = true;
    const ids = this.#table.take("hashed", this.#options.batchSize);
    await this.#attempt(ids, "hashed", async (signal) => {
      const answers = await this.transport.announce(
        ids.map((id) => this.#announcement(id)),
        signal,
      );
      ids.forEach((id, place) => {
        this.#announced(id, answers[place]);
      });
    });
    this.#isAnnouncing = false;
    this.#moved();
  }

  #announcement(id: number): Announcement {
    const { file, contentType, sha256 } = this.#table.get(id);
    return { filename: file.name, content_type: contentType, size_bytes: file.size, sha256: sha256 ?? "" };
  }

  #announced(id: number, answer: Announced | undefined): void {
    if (answer?.kind === "issued")
      this.#change(id, { state: "announced", photoId: answer.photoId, ticket: answer.ticket });
    else if (answer?.kind === "duplicate")
      this.#change(id, { state: "duplicate", photoId: answer.photoId, ticket: null });
    else if (answer) this.#fail(id, { code: answer.code, message: answer.message, canRetry: false });
    else this.#fail(id, { code: "unanswered", message: "", canRetry: true });
  }

  #begin(id: number): void {
    const { ticket, photoId } = this.#table.get(id);
    const isGood = ticket !== null && ticket.expiresAt - Date.now() > this.#options.ticketMarginMs;
    if (!isGood || photoId === null) this.#change(id, { state: "hashed", ticket: null });
    else void this.#send(id, photoId);
  }

  async #send(id: number, photoId: string): Promise<void> {
    const { file, ticket } = this.#change(id, { state: "sending", progress: 0 });
    await this.#attempt([id], "announced", async (signal) => {
      if (ticket === null) return;
      const sent = await this.transport.send(ticket, file, signal, (bytes) => this.#progressed(id, bytes));
      if (sent === "expired") {
        this.#renewTicket(id);
        return;
      }
      this.#progressed(id, file.size);
      this.#change(id, { state: "completing" });
      this.#tell();
      const { failureCode } = await this.transport.complete(photoId, signal);
      if (failureCode === null) this.#change(id, { state: "done", tries: 0 });
      else this.#fail(id, { code: failureCode, message: "", canRetry: true });
    });
  }

  /** A store that refuses each new ticket too is not asked for ever. */
  #renewTicket(id: number): void {
    const tries = this.#table.get(id).tries + 1;
    if (tries < MOST_TRIES) this.#change(id, { state: "hashed", ticket: null, progress: 0, tries });
    else this.#fail(id, { code: "ticket_refused", message: "", canRetry: true });
  }

  #progressed(id: number, bytes: number): void {
    this.#speed.add(Math.max(0, bytes - this.#table.get(id).progress));
    this.#change(id, { progress: bytes });
    this.#tell();
  }

  /** One step of some files; what may pass puts them back to `before` and holds the whole queue for a while. */
  async #attempt(ids: number[], before: UploadState, step: (signal: AbortSignal) => Promise<void>) {
    const controller = new AbortController();
    this.#running.add(controller);
    try {
      await step(controller.signal);
      this.#hold.succeeded();
    } catch (error) {
      if (controller.signal.aborted) for (const id of ids) this.#change(id, { state: before, progress: 0 });
      else this.#failed(ids, before, error);
    } finally {
      this.#running.delete(controller);
    }
    this.#moved();
  }

  #failed(ids: number[], before: UploadState, error: unknown): void {
    if (error instanceof Problem && error.status === 401) {
      for (const id of ids) this.#change(id, { state: before, progress: 0 });
      this.#isPaused = this.#isSignedOut = true;
      return;
    }
    const mayPass = isPassing(error);
    for (const id of ids) {
      const tries = this.#table.get(id).tries + 1;
      if (mayPass && tries < MOST_TRIES) this.#change(id, { state: before, tries, progress: 0 });
      else this.#fail(id, failureOf(error));
    }
    if (mayPass) this.#hold.begin(error);
  }

  #fail(id: number, failure: UploadFailure): void {
    this.#change(id, { state: "failed", failure, ticket: null, progress: 0 });
  }

  #change(id: number, change: Partial<UploadItem>): UploadItem {
    return this.#table.change(id, change);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
