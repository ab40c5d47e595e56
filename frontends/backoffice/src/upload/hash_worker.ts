import { createSHA256, type IHasher } from "hash-wasm";

export interface HashRequest {
  id: number;
  file: Blob;
}

export type HashReply =
  | { id: number; kind: "progress"; bytes: number }
  | { id: number; kind: "done"; sha256: string }
  | { id: number; kind: "unreadable" };

const CHUNK = 4 * 1024 * 1024;

addEventListener("message", (event: MessageEvent<HashRequest>) => {
  void reply(event.data).then((answer) => postMessage(answer));
});

async function reply({ id, file }: HashRequest): Promise<HashReply> {
  try {
    return { id, kind: "done", sha256: await sha256(id, file) };
  } catch {
    return { id, kind: "unreadable" };
  }
}

async function sha256(id: number, file: Blob): Promise<string> {
  const hasher = await streaming();
  if (hasher === null) return whole(file);
  hasher.init();
  for (let start = 0; start < file.size; start += CHUNK) {
    hasher.update(new Uint8Array(await file.slice(start, start + CHUNK).arrayBuffer()));
    postMessage({ id, kind: "progress", bytes: Math.min(start + CHUNK, file.size) } satisfies HashReply);
  }
  return hasher.digest("hex");
}

/** Null where the page's policy allows no WebAssembly; then the browser hashes, a whole file at once. */
async function streaming(): Promise<IHasher | null> {
  try {
    return await createSHA256();
  } catch {
    return null;
  }
}

async function whole(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
