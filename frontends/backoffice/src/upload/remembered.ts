import type { Handle } from "./folders";

const DATABASE = "uploads";
const STORE = "handles";

/**
 * Which folders and files a project's upload was made of, so that it can go on after a reload. Handles only: the
 * browser asks before it lets them be read again, and what is missing is known to the server alone.
 */
export async function remember(projectId: string, handles: readonly Handle[]): Promise<void> {
  const known = await remembered(projectId);
  await inStore("readwrite", (store) => store.put([...known, ...handles], projectId));
}

export async function remembered(projectId: string): Promise<Handle[]> {
  const found = await inStore<Handle[] | undefined>("readonly", (store) => store.get(projectId));
  return found ?? [];
}

export async function forget(projectId: string): Promise<void> {
  await inStore("readwrite", (store) => store.delete(projectId));
}

/** Asks the person where that is needed; has to be called by a click. */
export async function mayRead(handles: readonly Handle[]): Promise<boolean> {
  for (const handle of handles) {
    const permission = (await handle.requestPermission?.({ mode: "read" })) ?? "granted";
    if (permission !== "granted") return false;
  }
  return true;
}

/** Private windows may have no database: then nothing is remembered, and nothing else is lost. */
async function inStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const database = await opened();
    try {
      return await result(work(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return result(request);
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
