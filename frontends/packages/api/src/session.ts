import type { TokenSource } from "./client";
import { Problem, Unreachable } from "./problem";

export type { TokenSource };

export interface OpenedSession<Account> {
  access_token: string;
  expires_in: number;
  account: Account;
}

export type SessionState<Account> =
  | { status: "unknown" }
  | { status: "signed-out" }
  | { status: "signed-in"; account: Account };

const RENEW_BEFORE_MS = 30_000;
const SPREAD_KEY = "acme-session";

/**
 * Who is signed in. The access token lives in this object only; the refresh token in an HttpOnly cookie that no
 * script sees. Refresh tokens are good for one use, and the cookie is shared by all tabs: so a lock of the browser
 * lets one tab refresh at a time, and the others are told when somebody signs in or out.
 */
export class Session<Account> implements TokenSource {
  #token: string | null = null;
  #renewAt = 0;
  #state: SessionState<Account> = { status: "unknown" };
  #refreshing: Promise<string | null> | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #channel = new BroadcastChannel(SPREAD_KEY);

  constructor(private readonly baseUrl: string) {
    this.#channel.onmessage = (message) => {
      if (message.data === "signed-out") this.#forget();
      else if (this.#state.status !== "signed-in") void this.restore().catch(() => undefined);
    };
  }

  get state(): SessionState<Account> {
    return this.#state;
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): SessionState<Account> => this.#state;

  /** From the cookie, when the page opens. Throws `Unreachable`. */
  async restore(): Promise<void> {
    await this.#refresh();
  }

  /** What sign-in, sign-up and invitations answer. */
  async open(path: string, body: object): Promise<Account> {
    const response = await this.#post(path, body);
    const opened = await bodyOf<OpenedSession<Account>>(response);
    this.#keep(opened);
    this.#channel.postMessage("signed-in");
    return opened.account;
  }

  /** The account has changed by another request. */
  update(account: Account): void {
    this.#set({ status: "signed-in", account });
  }

  async close(): Promise<void> {
    await this.#post("/v1/auth/logout", {}).catch(() => undefined);
    this.#forget();
    this.#channel.postMessage("signed-out");
  }

  async token(): Promise<string | null> {
    if (this.#token !== null && Date.now() < this.#renewAt) return this.#token;
    return this.#state.status === "signed-out" ? null : this.#refresh();
  }

  async renewed(used: string): Promise<string | null> {
    return this.#token !== null && this.#token !== used ? this.#token : this.#refresh();
  }

  #refresh(): Promise<string | null> {
    this.#refreshing ??= locked(() => this.#refreshNow()).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refreshNow(): Promise<string | null> {
    const response = await this.#post("/v1/auth/refresh", {});
    if (response.status === 401) {
      this.#forget();
      return null;
    }
    this.#keep(await bodyOf<OpenedSession<Account>>(response));
    return this.#token;
  }

  async #post(path: string, body: object): Promise<Response> {
    try {
      return await fetch(`${this.baseUrl}${path}`, {
        method: "POST",
        credentials: "include",
        // A reload while a refresh is under way must not lose the cookie that comes back: the old one is used up.
        keepalive: true,
        headers: { "Content-Type": "application/json", "X-Session": "cookie" },
        body: JSON.stringify(body),
      });
    } catch (error) {
      throw new Unreachable("The server does not answer", { cause: error });
    }
  }

  #keep(opened: OpenedSession<Account>): void {
    this.#token = opened.access_token;
    this.#renewAt = Date.now() + opened.expires_in * 1000 - RENEW_BEFORE_MS;
    this.#set({ status: "signed-in", account: opened.account });
  }

  #forget(): void {
    this.#token = null;
    this.#set({ status: "signed-out" });
  }

  #set(state: SessionState<Account>): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

async function bodyOf<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw Problem.from(response, body);
  return body as T;
}

/** Web Locks need a secure context, which localhost and https are. */
async function locked<T>(work: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? await navigator.locks.request("acme-refresh", work) : work();
}
