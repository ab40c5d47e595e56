import type { Services } from "@/services";
import { contentTypeOf, extensionOf, isHidden } from "./accepted";
import { type Dropped, type Found, fromHandles, type Handle } from "./folders";
import type { PhotoStatus } from "./queries";
import { UploadQueue } from "./queue";
import { forget, mayRead, remember, remembered } from "./remembered";
import { MediaTransport } from "./transport";

const ADDED_AT_ONCE = 200;

/** One project's upload: it goes on while its photographer looks at other screens. */
export class ProjectUpload {
  readonly queue: UploadQueue;
  /** Files that are none of the kinds taken, by their extension. */
  readonly leftOut = new Map<string, number>();
  /** How many folders are being read. */
  reading = 0;
  /** What an earlier visit began and did not finish. */
  resumable: readonly Handle[] = [];
  /** Photos that arrived and could not be used: by the server's word, which comes later. */
  readonly #refused = new Set<string>();
  #problem: string | null = null;
  readonly #listeners = new Set<() => void>();
  #isRemembering = false;

  constructor(
    services: Services,
    private readonly projectId: string,
  ) {
    this.queue = new UploadQueue(new MediaTransport(services.media, projectId));
    this.queue.setOnline(navigator.onLine);
    addEventListener("online", () => this.queue.setOnline(true));
    addEventListener("offline", () => this.queue.setOnline(false));
    addEventListener("beforeunload", (event) => {
      if (this.queue.isBusy) event.preventDefault();
    });
    this.queue.subscribe(() => this.#forgetWhenDone());
    void remembered(projectId).then((handles) => {
      this.resumable = handles;
      this.#tell();
    });
  }

  /** What kept a folder from being read. */
  get problem(): string | null {
    return this.#problem;
  }

  /** The files whose photos could not be used. */
  get refusedIds(): number[] {
    if (this.#refused.size === 0) return [];
    const isRefused = (photoId: string | null) => photoId !== null && this.#refused.has(photoId);
    return this.queue.items.filter(({ photoId }) => isRefused(photoId)).map(({ id }) => id);
  }

  hear(photoId: string, status: PhotoStatus): void {
    const before = this.#refused.size;
    if (status === "failed") this.#refused.add(photoId);
    else this.#refused.delete(photoId);
    if (this.#refused.size !== before) this.#tell();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const leave = this.queue.subscribe(listener);
    this.#listeners.add(listener);
    return () => {
      leave();
      this.#listeners.delete(listener);
    };
  };

  async addDropped({ files, handles }: Dropped): Promise<void> {
    void handles.then((all) => this.#remember(all));
    await this.add(files);
  }

  async resumeRemembered(): Promise<void> {
    const handles = this.resumable;
    if (!(await mayRead(handles))) return;
    this.resumable = [];
    this.#isRemembering = true;
    await this.add(fromHandles(handles));
  }

  async forgetRemembered(): Promise<void> {
    this.resumable = [];
    this.#tell();
    await forget(this.projectId);
  }

  /** In portions: a folder of thousands begins to upload before it is read to its end. */
  async add(found: AsyncIterable<Found> | Iterable<Found>): Promise<void> {
    this.reading += 1;
    this.#problem = null;
    this.#tell();
    try {
      const portion: Found[] = [];
      for await (const file of found) {
        portion.push(file);
        if (portion.length >= ADDED_AT_ONCE) this.#addPortion(portion.splice(0));
      }
      this.#addPortion(portion);
    } catch {
      this.#problem = "Some of it could not be read. Add it again.";
    } finally {
      this.reading -= 1;
      this.#tell();
    }
  }

  #addPortion(portion: Found[]): void {
    const files = portion
      .filter(({ path }) => !isHidden(path))
      .map(({ path, file }) => ({ path, file, contentType: contentTypeOf(file) }));
    this.queue.add(files.filter((each) => isAccepted(each)));
    for (const { file } of files.filter((each) => !isAccepted(each))) this.#leaveOut(extensionOf(file.name));
  }

  #leaveOut(extension: string): void {
    this.leftOut.set(extension, (this.leftOut.get(extension) ?? 0) + 1);
  }

  async #remember(handles: readonly Handle[]): Promise<void> {
    if (handles.length === 0) return;
    this.#isRemembering = true;
    await remember(this.projectId, handles);
    this.#forgetWhenDone();
  }

  #forgetWhenDone(): void {
    const { status, counts } = this.queue.summary();
    if (!this.#isRemembering || this.reading > 0 || status !== "finished" || counts.failed > 0) return;
    this.#isRemembering = false;
    void forget(this.projectId);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function isAccepted<T extends { contentType: string | null }>(file: T): file is T & { contentType: string } {
  return file.contentType !== null;
}
