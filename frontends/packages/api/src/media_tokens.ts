import type { TokenSource } from "./client";

interface MediaToken {
  access_token: string;
  expires_in: number;
}

const RENEW_BEFORE_MS = 15_000;

/** A guest's short tokens for the media service, fetched from the main service when one is needed. */
export class MediaTokens implements TokenSource {
  #token: string | null = null;
  #renewAt = 0;

  constructor(private readonly fetchToken: () => Promise<MediaToken>) {}

  /** Somebody else may sign in next. */
  forget(): void {
    this.#token = null;
  }

  async token(): Promise<string> {
    return this.#token !== null && Date.now() < this.#renewAt ? this.#token : this.#fetch();
  }

  async renewed(used: string): Promise<string> {
    return this.#token !== null && this.#token !== used ? this.#token : this.#fetch();
  }

  async #fetch(): Promise<string> {
    const issued = await this.fetchToken();
    this.#renewAt = Date.now() + issued.expires_in * 1000 - RENEW_BEFORE_MS;
    this.#token = issued.access_token;
    return issued.access_token;
  }
}
