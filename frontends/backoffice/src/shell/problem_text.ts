import { Problem, Unreachable } from "@acme/api/problem";

/** What went wrong, in words: the services' own titles are written for people. */
export function problemText(error: unknown): string {
  if (error instanceof Unreachable)
    return "The server cannot be reached. Check your connection and try again.";
  if (error instanceof Problem && error.status < 500) return error.message;
  return "Something went wrong on our side. Please try again.";
}
