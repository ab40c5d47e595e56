import { describe, expect, it } from "vitest";
import { Speed, secondsLeft } from "./speed";

describe("Speed", () => {
  it("is unknown until something has been measured", () => {
    const speed = new Speed();
    expect(speed.rate(0)).toBeNull();
    speed.start(0);
    expect(speed.rate(100)).toBeNull();
  });

  it("follows a change slowly", () => {
    const speed = new Speed();
    speed.start(0);
    speed.add(1000);
    expect(speed.rate(1000)).toBe(1000);
    speed.add(5000);
    const next = speed.rate(2000) ?? 0;
    expect(next).toBeGreaterThan(1000);
    expect(next).toBeLessThan(2000);
  });

  it("does not count the time of a pause", () => {
    const speed = new Speed();
    speed.start(0);
    speed.add(1000);
    speed.rate(1000);
    speed.start(100_000);
    speed.add(1000);
    expect(speed.rate(101_000)).toBe(1000);
  });
});

describe("secondsLeft", () => {
  it("is unknown without a speed, and nothing when nothing is left", () => {
    expect(secondsLeft(10, null)).toBeNull();
    expect(secondsLeft(10, 0)).toBeNull();
    expect(secondsLeft(0, null)).toBe(0);
    expect(secondsLeft(10, 5)).toBe(2);
  });
});
