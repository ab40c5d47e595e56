import { Problem, Unreachable } from "@acme/api/problem";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeTransport } from "./fake_transport";
import { UploadQueue } from "./queue";
import { Unreadable } from "./upload_item";

function files(count: number, content = (place: number) => `picture ${place}`) {
  return Array.from({ length: count }, (_, place) => named(`${place}.jpg`, content(place)));
}

function named(name: string, content: string) {
  return { path: `gala/${name}`, file: new File([content], name), contentType: "image/jpeg" };
}

async function settle(ms = 0) {
  await vi.advanceTimersByTimeAsync(ms);
  await vi.advanceTimersByTimeAsync(ms);
}

describe("UploadQueue", () => {
  let transport: FakeTransport;
  let queue: UploadQueue;

  beforeEach(() => {
    vi.useFakeTimers();
    transport = new FakeTransport();
    queue = new UploadQueue(transport);
  });

  afterEach(() => {
    queue.stop();
    vi.useRealTimers();
  });

  const states = () => queue.items.map((item) => item.state);
  const sent = () => transport.calls.filter((call) => call.startsWith("send"));

  it("hashes, announces, sends and completes each file, in the order in which they came", async () => {
    queue.add(files(3));
    await settle(10);
    expect(states()).toEqual(["done", "done", "done"]);
    expect(sent()).toEqual(["send 0.jpg", "send 1.jpg", "send 2.jpg"]);
    expect(transport.calls.filter((call) => call.endsWith(" 0.jpg"))).toEqual([
      "hash 0.jpg",
      "announce 0.jpg",
      "send 0.jpg",
      "complete 0.jpg",
    ]);
    expect(queue.summary().status).toBe("finished");
  });

  it("announces at most a batch at once and sends a few at once", async () => {
    transport.isHeld = true;
    queue.add(files(450));
    for (let turn = 0; turn < 200; turn += 1) {
      await settle(1);
      transport.release();
    }
    expect(transport.mostRunning).toBe(4);
    expect(Math.max(...transport.batches.map((batch) => batch.length))).toBe(100);
    expect(transport.batches.flat()).toHaveLength(450);
    expect(queue.summary().counts.done).toBe(450);
  });

  it("takes the same path and size once", () => {
    expect(queue.add(files(2))).toBe(2);
    expect(queue.add(files(3))).toBe(1);
    expect(queue.items).toHaveLength(3);
  });

  it("sends nothing that the project has, or that the queue has already", async () => {
    transport.announcedBefore.add("sha-old");
    queue.add([named("a.jpg", "old"), named("b.jpg", "new"), named("c.jpg", "new")]);
    await settle(10);
    expect(states()).toEqual(["duplicate", "done", "duplicate"]);
    expect(sent()).toEqual(["send b.jpg"]);
    expect(queue.items[0]?.photoId).toBe("old-a.jpg");
  });

  it("tells why a file was refused, and does not offer to try it again", async () => {
    queue.add([named("notes.txt", "text"), named("empty.jpg", ""), named("a.jpg", "a")]);
    await settle(10);
    expect(states()).toEqual(["failed", "failed", "done"]);
    expect(queue.items[0]?.failure).toEqual({
      code: "unsupported_media_type",
      message: "no",
      canRetry: false,
    });
    expect(queue.items[1]?.failure?.code).toBe("empty_file");
  });

  it("waits longer after each failure of the network, then goes on", async () => {
    const lost = { step: "send", name: "0.jpg", error: new Unreachable("lost") } as const;
    transport.failures.push({ ...lost }, { ...lost }, { ...lost });
    queue.add(files(1));
    await settle();
    expect(queue.summary().status).toBe("holding");
    await settle(500);
    expect(sent()).toHaveLength(2);
    await settle(1000);
    expect(sent()).toHaveLength(3);
    await settle(2000);
    expect(states()).toEqual(["done"]);
  });

  it("waits as long as a busy server says", async () => {
    const busy = new Problem(429, "too_many_requests", "slow down", [], 7);
    transport.failures.push({ step: "announce", name: "0.jpg", error: busy });
    queue.add(files(1));
    await settle();
    await vi.advanceTimersByTimeAsync(6900);
    expect(transport.batches).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(states()).toEqual(["done"]);
  });

  it("gives a file up that fails again and again, while the others arrive", async () => {
    for (let time = 0; time < 10; time += 1)
      transport.failures.push({ step: "send", name: "0.jpg", error: new Unreachable("lost") });
    queue.add(files(3));
    await settle(600_000);
    expect(states()).toEqual(["failed", "done", "done"]);
    queue.retry(0);
    await settle(10);
    expect(states()).toEqual(["done", "done", "done"]);
  });

  it("tries a failed file again at once, one and all", async () => {
    for (const name of ["0.jpg", "2.jpg"])
      transport.failures.push({ step: "hash", name, error: new Unreadable("gone") });
    queue.add(files(3));
    await settle(10);
    expect(states()).toEqual(["failed", "done", "failed"]);
    queue.retryAll();
    await settle(10);
    expect(states()).toEqual(["done", "done", "done"]);
  });

  it("counts what can be tried again apart from what cannot", async () => {
    transport.failures.push({ step: "hash", name: "0.jpg", error: new Unreadable("gone") });
    queue.add([...files(1), named("empty.jpg", "")]);
    await settle(10);
    expect(states()).toEqual(["failed", "failed"]);
    expect(queue.summary().retriable).toBe(1);
  });

  it("stops while offline without counting it as a failure", async () => {
    transport.isHeld = true;
    queue.add(files(6));
    await settle(10);
    queue.setOnline(false);
    await settle(60_000);
    expect(queue.summary().status).toBe("offline");
    expect(queue.summary().counts.announced).toBe(6);
    expect(queue.items.every((item) => item.tries === 0)).toBe(true);
    transport.isHeld = false;
    queue.setOnline(true);
    await settle(10);
    expect(queue.summary().counts.done).toBe(6);
  });

  it("finishes what is under way when paused, and begins nothing", async () => {
    transport.isHeld = true;
    queue.add(files(10));
    await settle(10);
    queue.pause();
    transport.release();
    await settle(10);
    expect(queue.summary()).toMatchObject({ status: "paused", counts: { done: 4, sending: 0 } });
    transport.isHeld = false;
    queue.resume();
    await settle(10);
    expect(queue.summary().counts.done).toBe(10);
  });

  it("asks for a new ticket when the old one is too old, or refused", async () => {
    transport.isHeld = true;
    transport.expiredOnce.add("5.jpg");
    queue.add(files(6));
    await settle(10);
    queue.pause();
    transport.release();
    await settle(10);
    const before = transport.batches.length;
    await vi.advanceTimersByTimeAsync(900_000);
    transport.isHeld = false;
    queue.resume();
    await settle(10);
    expect(transport.batches.slice(before)).toEqual([["4.jpg", "5.jpg"], ["5.jpg"]]);
    expect(queue.summary().counts.done).toBe(6);
  });

  it("pauses and keeps every file when the session has ended", async () => {
    const ended = new Problem(401, "session_ended", "Sign in again");
    transport.failures.push({ step: "announce", name: "0.jpg", error: ended });
    queue.add(files(2));
    await settle(10);
    expect(queue.summary()).toMatchObject({ status: "signed-out", counts: { failed: 0, hashed: 2 } });
    queue.resume();
    await settle(10);
    expect(queue.summary().counts.done).toBe(2);
  });

  it("tells bytes, speed and the time left", async () => {
    transport.isHeld = true;
    const content = "x".repeat(1000);
    queue.add(files(4, (place) => content + place));
    await settle(1000);
    const halfway = queue.summary();
    expect(halfway.bytes).toBe(4004);
    expect(halfway.bytesDone).toBe(2000);
    expect(halfway.rate).toBeCloseTo(1000, -1);
    expect(halfway.secondsLeft).toBeCloseTo(2, 1);
    transport.release();
    await settle(10);
    expect(queue.summary()).toMatchObject({ bytesDone: 4004, secondsLeft: 0, status: "finished" });
  });
});
