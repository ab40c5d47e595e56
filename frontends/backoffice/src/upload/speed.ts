const SMOOTHING_S = 6;
const SAMPLE_MS = 500;

/** Bytes per second, smoothed: a number that people can read while it changes. */
export class Speed {
  #pending = 0;
  #sampledAt: number | null = null;
  #rate: number | null = null;

  /** A start, or a start after a pause: the time between does not count. */
  start(now: number): void {
    this.#sampledAt = now;
    this.#pending = 0;
  }

  add(bytes: number): void {
    this.#pending += bytes;
  }

  /** Null until there is enough to tell. */
  rate(now: number): number | null {
    if (this.#sampledAt === null) return null;
    const elapsed = now - this.#sampledAt;
    if (elapsed < SAMPLE_MS) return this.#rate;
    const latest = (this.#pending / elapsed) * 1000;
    const weight = 1 - Math.exp(-elapsed / 1000 / SMOOTHING_S);
    this.#rate = this.#rate === null ? latest : this.#rate + weight * (latest - this.#rate);
    this.start(now);
    return this.#rate;
  }
}

/** Null while it cannot be told. */
export function secondsLeft(bytesLeft: number, rate: number | null): number | null {
  if (bytesLeft === 0) return 0;
  return rate === null || rate < 1 ? null : bytesLeft / rate;
}
