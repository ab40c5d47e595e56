/** What is uploaded: a File, or in tests what looks like one. */
export type Source = Pick<File, "name" | "size" | "type"> & Blob;

export type UploadState =
  | "waiting"
  | "hashing"
  | "hashed"
  | "announced"
  | "sending"
  | "completing"
  | "done"
  | "duplicate"
  | "failed";

export interface UploadFailure {
  /** The services' own code, or one of ours: see `failure_text.ts`. */
  code: string;
  message: string;
  canRetry: boolean;
}

export interface UploadItem {
  readonly id: number;
  /** With its folders, as it was dropped. */
  readonly path: string;
  readonly file: Source;
  readonly contentType: string;
  readonly state: UploadState;
  /** Bytes hashed or sent, by the state. */
  readonly progress: number;
  readonly tries: number;
  readonly sha256: string | null;
  readonly photoId: string | null;
  readonly ticket: Ticket | null;
  readonly failure: UploadFailure | null;
}

/** A presigned PUT. */
export interface Ticket {
  url: string;
  headers: Record<string, string>;
  expiresAt: number;
}

export interface Announcement {
  filename: string;
  content_type: string;
  size_bytes: number;
  sha256: string;
}

export type Announced =
  | { kind: "issued"; photoId: string; ticket: Ticket }
  | { kind: "duplicate"; photoId: string }
  | { kind: "refused"; code: string; message: string };

/** `arrived` as well when the store holds the object already; `expired` when the ticket is too old. */
export type Sent = "arrived" | "expired";

/** What became of the photo: a failure is told by its code. */
export interface Completed {
  failureCode: string | null;
}

/** How the queue reaches the world. All of it throws `Problem` or `Unreachable`, and stops with the signal. */
export interface Transport {
  hash(file: Source, signal: AbortSignal, onProgress: (bytes: number) => void): Promise<string>;
  announce(files: Announcement[], signal: AbortSignal): Promise<Announced[]>;
  send(ticket: Ticket, file: Source, signal: AbortSignal, onProgress: (bytes: number) => void): Promise<Sent>;
  complete(photoId: string, signal: AbortSignal): Promise<Completed>;
}

/** The file itself cannot be read: it was moved, changed or is on a drive that is gone. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

export const FINAL: ReadonlySet<UploadState> = new Set(["done", "duplicate", "failed"]);
