import type { MainConfig } from "@acme/api/config";
import { answer, createMainApi, type MainApi, type Schemas } from "@acme/api/main";
import { createMediaApi, type MediaApi, MediaTokens } from "@acme/api/media";
import type { TokenSource } from "@acme/api/session";
import { Session, type SessionState } from "@acme/api/session";
import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";

export type Account = Schemas["AccountOut"];

/** All that the app talks to; made once, when it starts. */
export interface Services {
  config: MainConfig;
  session: Session<Account>;
  main: MainApi;
  media: MediaApi;
  /** For the live events. */
  eventTokens: TokenSource;
}

export function createServices(config: MainConfig): Services {
  const session = new Session<Account>(config.main_api);
  const main = createMainApi(config.main_api, session);
  const tokens = (scope: Schemas["Scope"]) => {
    const made = new MediaTokens(() => answer(main.POST("/v1/auth/media-token", { body: { scope } })));
    session.subscribe(() => session.state.status === "signed-out" && made.forget());
    return made;
  };
  return {
    config,
    session,
    main,
    media: createMediaApi(config.media_api, tokens("selfie")),
    eventTokens: tokens("events"),
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
