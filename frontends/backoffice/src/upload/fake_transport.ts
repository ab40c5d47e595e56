import type { Announced, Announcement, Source, Ticket, Transport } from "./upload_item";

type Step = "hash" | "announce" | "send" | "complete";

/** For tests: every step is let through, fails or waits, as the test says. */
export class FakeTransport implements Transport {
  readonly calls: string[] = [];
  readonly batches: string[][] = [];
  readonly announcedBefore = new Set<string>();
  running = 0;
  mostRunning = 0;
  ticketLifetimeMs = 900_000;
  /** By step and name of the file; each is used once. */
  readonly failures: { step: Step; name: string; error: unknown }[] = [];
  readonly expiredOnce = new Set<string>();
  /** Sends wait until `release`. */
  isHeld = false;
  readonly #held: (() => void)[] = [];

  release(): void {
    for (const go of this.#held.splice(0)) go();
  }

  async hash(file: Source): Promise<string> {
    this.#called("hash", file.name);
    return `sha-${await file.text()}`;
  }

  async announce(files: Announcement[]): Promise<Announced[]> {
    this.batches.push(files.map((file) => file.filename));
    this.#called("announce", files[0]?.filename ?? "");
    return files.map((file) => this.#announced(file));
  }

  async send(
    ticket: Ticket,
    file: Source,
    signal: AbortSignal,
    onProgress: (bytes: number) => void,
  ): Promise<"arrived" | "expired"> {
    this.#called("send", file.name);
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      onProgress(Math.floor(file.size / 2));
      if (this.isHeld) await this.#until(signal);
      return this.expiredOnce.delete(file.name) || ticket.expiresAt < Date.now() ? "expired" : "arrived";
    } finally {
      this.running -= 1;
    }
  }

  async complete(photoId: string): Promise<{ failureCode: string | null }> {
    this.#called("complete", photoId);
    return { failureCode: null };
  }

  #announced(file: Announcement): Announced {
    if (file.filename.endsWith(".txt"))
      return { kind: "refused", code: "unsupported_media_type", message: "no" };
    if (this.announcedBefore.has(file.sha256)) return { kind: "duplicate", photoId: `old-${file.filename}` };
    const ticket = { url: "/", headers: {}, expiresAt: Date.now() + this.ticketLifetimeMs };
    return { kind: "issued", photoId: file.filename, ticket };
  }

  #called(step: Step, name: string): void {
    this.calls.push(`${step} ${name}`);
    const place = this.failures.findIndex((failure) => failure.step === step && failure.name === name);
    if (place >= 0) throw this.failures.splice(place, 1)[0]?.error;
  }

  #until(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#held.push(resolve);
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  }
}
