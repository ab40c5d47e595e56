import { Problem, Unreachable } from "@acme/api/problem";
import { Unreadable, type UploadFailure } from "./upload_item";

export const MOST_TRIES = 10;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** 1, 2, 4 ... 60 seconds, up to a quarter less so that many clients do not come back in step. */
export function pauseAfter(failures: number, error: unknown, random: () => number = Math.random): number {
  if (error instanceof Problem && error.retryAfterSeconds !== null) return error.retryAfterSeconds * 1000;
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
  return pause * (1 - random() / 4);
}

/** Whether the same call may succeed a little later. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  return error instanceof Problem && (error.status >= 500 || error.status === 429 || error.status === 408);
}

export function failureOf(error: unknown): UploadFailure {
  if (error instanceof Problem) return { code: error.code, message: error.message, canRetry: true };
  if (error instanceof Unreachable) return { code: "unreachable", message: error.message, canRetry: true };
  if (error instanceof Unreadable) return { code: "unreadable", message: error.message, canRetry: true };
  return { code: "unknown", message: error instanceof Error ? error.message : "", canRetry: true };
}
