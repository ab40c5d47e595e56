import { pauseAfter } from "./retrying";

/** A pause of the whole queue after something that may pass: longer with each failure in a row. */
export class Hold {
  #failures = 0;
  #until: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly onOver: () => void) {}

  /** When it ends; null when there is none. */
  get until(): number | null {
    return this.#until;
  }

  /** Failures of one moment, of files that were sent side by side, count as one. */
  begin(error: unknown): void {
    if (this.#until === null) this.#failures += 1;
    const until = Date.now() + pauseAfter(this.#failures, error);
    if (this.#until !== null && this.#until >= until) return;
    this.release();
    this.#until = until;
    this.#timer = setTimeout(() => {
      this.release();
      this.onOver();
    }, until - Date.now());
  }

  release(): void {
    clearTimeout(this.#timer);
    this.#until = null;
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
