import createFetchClient, { type Client, type FetchResponse } from "openapi-fetch";
import { Problem, Unreachable } from "./problem";

/** Where access tokens come from; none for what anybody may ask. */
export interface TokenSource {
  /** A token that is still good, or null when nobody is signed in. */
  token(): Promise<string | null>;
  /** Another one than `used`, which was refused; null when there is none. */
  renewed(used: string): Promise<string | null>;
}

const REPEATABLE = new Set(["GET", "HEAD", "PUT", "DELETE"]);
const PAUSE_MS = 400;

export function createClient<Paths extends object>(baseUrl: string, tokens?: TokenSource): Client<Paths> {
  return createFetchClient<Paths>({ baseUrl, fetch: (request) => send(request, tokens) });
}

/** The answer's body; throws `Problem` or `Unreachable`. */
export async function answer<T extends Record<string | number, unknown>, O, M extends `${string}/${string}`>(
  pending: Promise<FetchResponse<T, O, M>>,
): Promise<NonNullable<FetchResponse<T, O, M>["data"]>> {
  const { data, error, response } = await pending;
  if (!response.ok) throw Problem.from(response, error);
  return data as NonNullable<typeof data>;
}

async function send(request: Request, tokens: TokenSource | undefined): Promise<Response> {
  const token = (await tokens?.token()) ?? null;
  const response = await attempt(request, token);
  if (response.status !== 401 || token === null || !tokens) return response;
  const renewed = await tokens.renewed(token);
  return renewed === null ? response : attempt(request, renewed);
}

/** A lost connection is tried once more where that cannot do a thing twice. */
async function attempt(request: Request, token: string | null): Promise<Response> {
  try {
    return await fetch(authorized(request, token));
  } catch (error) {
    if (request.signal.aborted) throw error;
    if (!REPEATABLE.has(request.method))
      throw new Unreachable("The server does not answer", { cause: error });
  }
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  try {
    return await fetch(authorized(request, token));
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new Unreachable("The server does not answer", { cause: error });
  }
}

function authorized(request: Request, token: string | null): Request {
  const copy = request.clone();
  if (token !== null) copy.headers.set("Authorization", `Bearer ${token}`);
  return copy;
}
