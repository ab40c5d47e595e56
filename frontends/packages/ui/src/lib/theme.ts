import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const listeners = new Set<() => void>();
const YEAR_S = 365 * 24 * 3600;

/** Kept in a cookie: `theme.js` reads it before the first paint. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(subscribe, current), choose];
}

function current(): Theme {
  const found = /(?:^|; )theme=(light|dark)/.exec(document.cookie);
  return (found?.[1] as Theme | undefined) ?? "system";
}

function choose(theme: Theme): void {
  const age = theme === "system" ? 0 : YEAR_S;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere yet
  document.cookie = `theme=${theme}; path=/; max-age=${age}; SameSite=Lax`;
  apply();
  for (const listener of listeners) listener();
}

function apply(): void {
  const theme = current();
  const isDark =
    theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", isDark);
}

function subscribe(listener: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  listeners.add(listener);
  system.addEventListener("change", apply);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", apply);
  };
}
