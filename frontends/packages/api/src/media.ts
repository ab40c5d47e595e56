import { createClient, type TokenSource } from "./client";
import type { components, paths } from "./generated/media";

export { answer } from "./client";
export { MediaTokens } from "./media_tokens";
export type MediaApi = ReturnType<typeof createMediaApi>;
export type Schemas = components["schemas"];

export function createMediaApi(baseUrl: string, tokens: TokenSource) {
  return createClient<paths>(baseUrl, tokens);
}
