/** What a built app learns when it starts: the addresses of the services it may call. */
export interface MainConfig {
  main_api: string;
  media_api: string;
  payments: { kind: "stripe" } | { kind: "stand_in"; base_url: string };
}

export interface BackofficeConfig {
  backoffice_api: string;
  media_api: string;
}

export async function loadConfig<Config>(): Promise<Config> {
  const response = await fetch("/config.json");
  if (!response.ok) throw new Error(`The configuration cannot be loaded: ${response.status}`);
  return (await response.json()) as Config;
}
