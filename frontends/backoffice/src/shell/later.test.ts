import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Later } from "./later";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("many askings are one doing", async () => {
  const run = vi.fn(() => Promise.resolve());
  const later = new Later(run, 2000);
  for (let asked = 0; asked < 50; asked++) later.ask();
  await vi.advanceTimersByTimeAsync(1999);
  expect(run).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(run).toHaveBeenCalledTimes(1);
});

test("what is asked for while it runs is done afterwards, not beside it", async () => {
  let atOnce = 0;
  let most = 0;
  const run = vi.fn(async () => {
    most = Math.max(most, ++atOnce);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    atOnce--;
  });
  const later = new Later(run, 2000);
  later.ask();
  await vi.advanceTimersByTimeAsync(3000);
  later.ask();
  later.ask();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(run).toHaveBeenCalledTimes(2);
  expect(most).toBe(1);
});

test("what is dropped is not done, and can be asked for again", async () => {
  const run = vi.fn(() => Promise.resolve());
  const later = new Later(run, 2000);
  later.ask();
  later.drop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(run).not.toHaveBeenCalled();
  later.ask();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(run).toHaveBeenCalledTimes(1);
});
