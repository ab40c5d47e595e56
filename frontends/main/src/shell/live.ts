import { type EventData, type EventName, followEvents, type Handlers } from "@acme/api/events";
import { useEffect, useEffectEvent } from "react";
import { type Services, useServices } from "@/services";

const LINGER_MS = 5000;
const NAMES = [
  "ready",
  "reset",
  "selfie.changed",
  "matches.found",
  "matching.progress",
  "purchase.changed",
  "archive.changed",
  "erasure.completed",
] as const satisfies readonly EventName[];

export type GuestEvent = (typeof NAMES)[number];
type Listener = (data: never) => void;

/** One connection for all who listen; it is closed a little after the last one has left. */
class LiveEvents {
  readonly #listeners = new Map<EventName, Set<Listener>>();
  #close: (() => void) | undefined;
  #closing: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly services: Services) {}

  listen<Name extends GuestEvent>(name: Name, listener: (data: EventData[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    clearTimeout(this.#closing);
    this.#close ??= this.#open();
    return () => {
      listeners.delete(listener);
      if (this.#isIdle()) this.#closing = setTimeout(() => this.#leave(), LINGER_MS);
    };
  }

  #open(): () => void {
    const { config, eventTokens } = this.services;
    const handlers = Object.fromEntries(
      NAMES.map((name) => [name, (data: never) => this.#tell(name, data)]),
    ) as Handlers;
    return followEvents(config.media_api, eventTokens, handlers);
  }

  #tell(name: EventName, data: never): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(data);
  }

  #isIdle(): boolean {
    return [...this.#listeners.values()].every((listeners) => listeners.size === 0);
  }

  #leave(): void {
    this.#close?.();
    this.#close = undefined;
  }
}

const connections = new WeakMap<Services, LiveEvents>();

function connectionOf(services: Services): LiveEvents {
  const connection = connections.get(services) ?? new LiveEvents(services);
  connections.set(services, connection);
  return connection;
}

/** Calls back for each event of this name while the component is there. */
export function useLiveEvent<Name extends GuestEvent>(
  name: Name,
  callback: (data: EventData[Name]) => void,
): void {
  const services = useServices();
  const listener = useEffectEvent(callback);
  useEffect(() => connectionOf(services).listen(name, (data) => listener(data)), [services, name]);
}
