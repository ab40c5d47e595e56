import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answer, createClient } from "./client";
import { Problem, Unreachable } from "./problem";
import { Session } from "./session";

interface Account {
  name: string;
}

const BASE = "https://api.example";
let calls: Request[] = [];
let served = 0;

/** The network, as a service behind it would answer. */
const answers: Record<string, (request: Request) => Response> = {
  "/v1/auth/refresh": () => opened(),
  "/v1/auth/login": () => opened(),
  "/v1/auth/logout": () => new Response(null, { status: 204 }),
};

function opened(): Response {
  served += 1;
  return Response.json({ access_token: `token-${served}`, expires_in: 900, account: { name: "Ada" } });
}

function problem(status: number, code: string): Response {
  return Response.json({ type: "x", title: code, status, detail: code, code }, { status });
}

beforeEach(() => {
  calls = [];
  served = 0;
  vi.stubGlobal("navigator", {}); // no Web Locks: one tab has to do without
  vi.stubGlobal("fetch", async (input: RequestInfo, init?: RequestInit) => {
    const request = new Request(input, init);
    calls.push(request);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const respond = answers[new URL(request.url).pathname];
    return respond ? respond(request) : problem(404, "not_found");
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  answers["/v1/auth/refresh"] = () => opened();
});

function paths(): string[] {
  return calls.map((request) => new URL(request.url).pathname);
}

test("who asks at the same time waits for one refresh", async () => {
  const session = new Session<Account>(BASE);
  const tokens = await Promise.all([session.token(), session.token(), session.token()]);
  expect(tokens).toEqual(["token-1", "token-1", "token-1"]);
  expect(paths()).toEqual(["/v1/auth/refresh"]);
  expect(calls[0]?.headers.get("X-Session")).toBe("cookie");
  expect(calls[0]?.credentials).toBe("include");
  expect(session.state).toEqual({ status: "signed-in", account: { name: "Ada" } });
});

test("a refused token is renewed once, and the request repeated", async () => {
  const session = new Session<Account>(BASE);
  answers["/v1/me"] = (request) =>
    request.headers.get("Authorization") === "Bearer token-1"
      ? problem(401, "invalid_token")
      : Response.json({ ok: true });
  const client = createClient<{
    "/v1/me": { get: { responses: { 200: { content: { "application/json": object } } } } };
  }>(BASE, session);
  await expect(answer(client.GET("/v1/me"))).resolves.toEqual({ ok: true });
  expect(paths()).toEqual(["/v1/auth/refresh", "/v1/me", "/v1/auth/refresh", "/v1/me"]);
});

test("a session that has ended is nobody's, and is not asked for again", async () => {
  answers["/v1/auth/refresh"] = () => problem(401, "invalid_refresh_token");
  const session = new Session<Account>(BASE);
  expect(await session.token()).toBeNull();
  expect(session.state.status).toBe("signed-out");
  expect(await session.token()).toBeNull();
  expect(paths()).toEqual(["/v1/auth/refresh"]);
});

test("a server that is away ends no session", async () => {
  const session = new Session<Account>(BASE);
  await session.open("/v1/auth/login", {});
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  await expect(session.renewed("token-1")).rejects.toBeInstanceOf(Unreachable);
  expect(session.state.status).toBe("signed-in");
});

test("what the server says against a sign-in is told", async () => {
  answers["/v1/auth/login"] = () =>
    Response.json(
      { type: "x", title: "Wait", status: 429, detail: "", code: "too_many_attempts" },
      { status: 429, headers: { "Retry-After": "30" } },
    );
  const session = new Session<Account>(BASE);
  const error = await session.open("/v1/auth/login", {}).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Problem);
  expect(error).toMatchObject({ code: "too_many_attempts", retryAfterSeconds: 30, message: "Wait" });
  answers["/v1/auth/login"] = () => opened();
});

test("the other tabs hear of signing in and out", async () => {
  const [here, there] = [new Session<Account>(BASE), new Session<Account>(BASE)];
  await here.open("/v1/auth/login", {});
  await vi.waitFor(() => expect(there.state.status).toBe("signed-in"));
  await here.close();
  await vi.waitFor(() => expect(there.state.status).toBe("signed-out"));
});
