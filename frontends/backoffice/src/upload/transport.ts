import { answer, type MediaApi, type Schemas } from "@acme/api/media";
import { Hasher } from "./hasher";
import { put } from "./put";
import type { Announced, Transport } from "./upload_item";

/** The media service and its object store. */
export class MediaTransport implements Transport {
  readonly #hasher = new Hasher();

  constructor(
    private readonly api: MediaApi,
    private readonly projectId: string,
  ) {}

  readonly hash: Transport["hash"] = (file, signal, onProgress) =>
    this.#hasher.sha256(file, signal, onProgress);

  readonly send: Transport["send"] = put;

  readonly announce: Transport["announce"] = async (files, signal) => {
    const askedAt = Date.now();
    const body = { project_id: this.projectId, files };
    const { items } = await answer(
      this.api.POST("/v1/photographers/me/photos/upload-urls", { body, signal }),
    );
    return items.map((item) => announced(item, askedAt));
  };

  readonly complete: Transport["complete"] = async (photoId, signal) => {
    const params = { path: { photo_id: photoId } };
    const photo = await answer(
      this.api.POST("/v1/photographers/me/photos/{photo_id}/complete", { params, signal }),
    );
    return { failureCode: photo.status === "failed" ? (photo.failure_code ?? "processing_failed") : null };
  };

  close(): void {
    this.#hasher.close();
  }
}

function announced({ issued, problem }: Schemas["BatchResult"], askedAt: number): Announced {
  if (issued?.upload) {
    const { url, headers, expires_at } = issued.upload;
    const ticket = { url, headers: headers ?? {}, expiresAt: expiry(url, expires_at, askedAt) };
    return { kind: "issued", photoId: issued.photo_id, ticket };
  }
  if (issued) return { kind: "duplicate", photoId: issued.photo_id };
  return {
    kind: "refused",
    code: problem?.code ?? "refused",
    message: problem?.detail || problem?.title || "",
  };
}

/** By this computer's clock, which may be wrong: a signed address tells how long it is good. */
function expiry(url: string, expiresAt: string, askedAt: number): number {
  const seconds = Number(new URL(url, location.href).searchParams.get("X-Amz-Expires"));
  return seconds > 0 ? askedAt + seconds * 1000 : Date.parse(expiresAt);
}
