import type { Receipt } from "../consent/queries";

/** What a receipt counts, in the order in which it is told. */
const PARTS = ["selfies", "templates", "provider_faces", "automatic_tags", "objects"] as const;

export type ErasedPart = (typeof PARTS)[number];

/** What there was nothing of is not told. */
export function erasedParts({ erased }: Pick<Receipt, "erased">): [ErasedPart, number][] {
  return PARTS.map((part): [ErasedPart, number] => [part, Number(erased[part] ?? 0)]).filter(
    ([, count]) => count > 0,
  );
}
