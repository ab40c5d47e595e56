import { createClient, type TokenSource } from "./client";
import type { components, paths } from "./generated/backoffice";

export { answer } from "./client";
export type BackofficeApi = ReturnType<typeof createBackofficeApi>;
export type Schemas = components["schemas"];

export function createBackofficeApi(baseUrl: string, tokens: TokenSource) {
  return createClient<paths>(baseUrl, tokens);
}
