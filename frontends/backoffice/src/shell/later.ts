/** Does something a little after it was asked for: once for many askings, never twice at the same time. */
export class Later {
  readonly #run: () => Promise<unknown>;
  readonly #delayMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRunning = false;
  #isOwed = false;

  constructor(run: () => Promise<unknown>, delayMs: number) {
    this.#run = run;
    this.#delayMs = delayMs;
  }

  ask(): void {
    if (this.#isRunning) this.#isOwed = true;
    else this.#timer ??= setTimeout(() => void this.#go(), this.#delayMs);
  }

  /** What was asked for and has not begun is dropped. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isOwed = false;
  }

  async #go(): Promise<void> {
    this.#timer = undefined;
    this.#isRunning = true;
    try {
      await this.#run();
    } finally {
      this.#isRunning = false;
      const isOwed = this.#isOwed;
      this.#isOwed = false;
      if (isOwed) this.ask();
    }
  }
}
