import { FINAL, type Source, type UploadItem, type UploadState } from "./upload_item";

const STATES = [
  "waiting",
  "hashing",
  "hashed",
  "announced",
  "sending",
  "completing",
  "done",
  "duplicate",
  "failed",
] as const satisfies readonly UploadState[];

/** Sent bytes count while they are sent, and the whole file when nothing is left to do for it. */
function bytesDoneOf(item: UploadItem): number {
  if (FINAL.has(item.state) || item.state === "completing") return item.file.size;
  return item.state === "sending" ? Math.min(item.progress, item.file.size) : 0;
}

/** The files by their number and by their state, with sums that are kept and never counted anew. */
export class ItemTable {
  readonly items: UploadItem[] = [];
  bytes = 0;
  bytesDone = 0;
  readonly #byState = new Map<UploadState, Set<number>>(STATES.map((state) => [state, new Set()]));
  readonly #claims = new Map<string, number>();

  get open(): number {
    return this.items.length - [...FINAL].reduce((sum, state) => sum + this.count(state), 0);
  }

  readonly counts = (): Record<UploadState, number> =>
    Object.fromEntries(STATES.map((state) => [state, this.count(state)])) as Record<UploadState, number>;

  add(path: string, file: Source, contentType: string): number {
    const id = this.items.length;
    const failure = file.size === 0 ? { code: "empty_file", message: "", canRetry: false } : null;
    const state = failure ? "failed" : "waiting";
    const blank = { progress: 0, tries: 0, sha256: null, photoId: null, ticket: null };
    this.items.push({ id, path, file, contentType, state, failure, ...blank });
    this.of(state).add(id);
    this.bytes += file.size;
    return id;
  }

  get(id: number): UploadItem {
    const item = this.items[id];
    if (!item) throw new RangeError(`there is no file ${id}`);
    return item;
  }

  /** A new object each time, so that a row of the list knows whether it has changed. */
  change(id: number, change: Partial<UploadItem>): UploadItem {
    const old = this.get(id);
    const item = { ...old, ...change };
    this.items[id] = item;
    this.bytesDone += bytesDoneOf(item) - bytesDoneOf(old);
    if (item.state !== old.state) {
      this.of(old.state).delete(id);
      this.of(item.state).add(id);
    }
    return item;
  }

  of(state: UploadState): Set<number> {
    const ids = this.#byState.get(state);
    if (!ids) throw new RangeError(state);
    return ids;
  }

  count(state: UploadState): number {
    return this.of(state).size;
  }

  first(state: UploadState): number | undefined {
    return this.of(state).values().next().value;
  }

  /** Some of them, in the order in which they came to this state. */
  take(state: UploadState, most: number): number[] {
    return [...this.of(state)].slice(0, most);
  }

  /** False when another file of the queue has the same content, and is being sent or was. */
  claim(sha256: string, id: number): boolean {
    const holder = this.#claims.get(sha256);
    if (holder !== undefined && holder !== id && this.get(holder).state !== "failed") return false;
    this.#claims.set(sha256, id);
    return true;
  }
}
