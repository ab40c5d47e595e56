import { createClient, type TokenSource } from "./client";
import type { components, paths } from "./generated/main";

export { answer } from "./client";
export type MainApi = ReturnType<typeof createMainApi>;
export type Schemas = components["schemas"];

export function createMainApi(baseUrl: string, tokens: TokenSource) {
  return createClient<paths>(baseUrl, tokens);
}
