const BROWSERS: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** "Firefox, Android"; undefined for what is no browser that we know. The order counts: many claim to be others. */
export function deviceName(userAgent: string | null): string | undefined {
  if (userAgent === null) return undefined;
  const names = [BROWSERS, SYSTEMS].map((kinds) => kinds.find(([mark]) => mark.test(userAgent))?.[1]);
  return names.filter(Boolean).join(", ") || undefined;
}
