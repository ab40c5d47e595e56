const TYPES: Record<string, string> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  tif: "image/tiff",
  tiff: "image/tiff",
  avif: "image/avif",
  heic: "image/heic",
  heif: "image/heic",
  cr2: "image/x-canon-cr2",
  cr3: "image/x-canon-cr3",
  nef: "image/x-nikon-nef",
  arw: "image/x-sony-arw",
  dng: "image/x-adobe-dng",
  raf: "image/x-fuji-raf",
};

/** What every browser names alike. */
const WEB_TYPES = new Set([TYPES.jpg, TYPES.png, TYPES.webp, TYPES.tif, TYPES.avif, null]);

export const ACCEPT = [
  ...new Set(Object.values(TYPES)),
  ...Object.keys(TYPES).map((name) => `.${name}`),
].join();

/**
 * What a file announces itself as; null when it is none that the services take. For raw files and HEIC, browsers know
 * no type, or the one of their system: there the ending of the name counts.
 */
export function contentTypeOf(file: { name: string; type: string }): string | null {
  if (Object.values(TYPES).includes(file.type)) return file.type;
  const named = TYPES[extensionOf(file.name)] ?? null;
  return file.type === "" || !WEB_TYPES.has(named) ? named : null;
}

/** What systems leave in folders, and what nobody means to upload. */
export function isHidden(path: string): boolean {
  return path.split("/").some((part) => /^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$)/i.test(part));
}

export function extensionOf(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
}
