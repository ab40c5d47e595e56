const TYPES: Record<string, string> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  tif: "image/tiff",
  tiff: "image/tiff",
  avif: "image/avif",
};

export const ACCEPT = [
  ...new Set(Object.values(TYPES)),
  ...Object.keys(TYPES).map((name) => `.${name}`),
].join();

/** What a file announces itself as; null when it is none that the services take. */
export function contentTypeOf(file: { name: string; type: string }): string | null {
  if (Object.values(TYPES).includes(file.type)) return file.type;
  const extension = extensionOf(file.name);
  return file.type === "" ? (TYPES[extension] ?? null) : null;
}

/** What systems leave in folders, and what nobody means to upload. */
export function isHidden(path: string): boolean {
  return path.split("/").some((part) => /^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$)/i.test(part));
}

export function extensionOf(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
}
