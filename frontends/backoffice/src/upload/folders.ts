/** What the browsers have and TypeScript's own declarations lack. */
export interface FolderHandle {
  readonly kind: "directory";
  readonly name: string;
  values(): AsyncIterable<FolderHandle | FileHandle>;
  requestPermission?(options: { mode: "read" }): Promise<PermissionState>;
}

export interface FileHandle {
  readonly kind: "file";
  readonly name: string;
  getFile(): Promise<File>;
  requestPermission?(options: { mode: "read" }): Promise<PermissionState>;
}

export type Handle = FolderHandle | FileHandle;

export interface Found {
  path: string;
  file: File;
}

export interface Dropped {
  files: AsyncIterable<Found>;
  /** Empty where the browser has no such handles. */
  handles: Promise<Handle[]>;
}

interface ItemWithHandle {
  getAsFileSystemHandle(): Promise<Handle | null>;
}

/** To be called in the event itself: a moment later the browser has forgotten what was dropped. */
export function dropped(items: DataTransferItemList): Dropped {
  const files = [...items].filter((item) => item.kind === "file");
  const entries = files.map((item) => item.webkitGetAsEntry());
  const handles = files.map((item) => (hasHandle(item) ? item.getAsFileSystemHandle() : null));
  return {
    files: fromEntries(entries.filter((entry) => entry !== null)),
    handles: Promise.all(handles).then(
      (all) => all.filter((handle) => handle !== null),
      () => [],
    ),
  };
}

export async function* fromHandles(handles: readonly Handle[], above = ""): AsyncGenerator<Found> {
  for (const handle of handles) {
    const path = above + handle.name;
    if (handle.kind === "file") yield { path, file: await handle.getFile() };
    else for await (const child of handle.values()) yield* fromHandles([child], `${path}/`);
  }
}

/** `webkitRelativePath` is filled by a picker of folders. */
export function picked(files: FileList): Found[] {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

function hasHandle(item: DataTransferItem): item is DataTransferItem & ItemWithHandle {
  return "getAsFileSystemHandle" in item;
}

async function* fromEntries(entries: readonly FileSystemEntry[]): AsyncGenerator<Found> {
  for (const entry of entries) {
    const path = entry.fullPath.replace(/^\//, "");
    if (isFile(entry)) yield { path, file: await new Promise<File>((yes, no) => entry.file(yes, no)) };
    else if (isFolder(entry)) for await (const children of batches(entry)) yield* fromEntries(children);
  }
}

/** The reader gives some at a time, and none when all were given. */
async function* batches(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry[]> {
  const reader = folder.createReader();
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((yes, no) => reader.readEntries(yes, no));
    if (batch.length === 0) return;
    yield batch;
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
