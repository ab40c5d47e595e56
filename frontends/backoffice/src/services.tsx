import { type BackofficeApi, createBackofficeApi, type Schemas } from "@acme/api/backoffice";
import type { BackofficeConfig } from "@acme/api/config";
import { createMediaApi, type MediaApi } from "@acme/api/media";
import { Session, type SessionState } from "@acme/api/session";
import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";

export type Account = Schemas["AccountOut"];

/** All that the app talks to; made once, when it starts. */
export interface Services {
  config: BackofficeConfig;
  session: Session<Account>;
  backoffice: BackofficeApi;
  media: MediaApi;
}

export function createServices(config: BackofficeConfig): Services {
  const session = new Session<Account>(config.backoffice_api);
  return {
    config,
    session,
    backoffice: createBackofficeApi(config.backoffice_api, session),
    media: createMediaApi(config.media_api, session),
  };
}

const Context = createContext<Services | null>(null);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return <Context value={services}>{children}</Context>;
}

export function useServices(): Services {
  const services = useContext(Context);
  if (!services) throw new Error("useServices needs a ServicesProvider above it");
  return services;
}

export function useSessionState(): SessionState<Account> {
  const { session } = useServices();
  return useSyncExternalStore(session.subscribe, session.snapshot);
}

/** Within routes that only signed-in people reach. */
export function useAccount(): Account {
  const state = useSessionState();
  if (state.status !== "signed-in") throw new Error("nobody is signed in");
  return state.account;
}
