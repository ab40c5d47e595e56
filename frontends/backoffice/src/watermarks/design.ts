import type { Schemas } from "@acme/api/backoffice";

export type Watermark = Schemas["WatermarkOut"];
export type Placement = Schemas["Placement"];
export type Product = "preview" | "deliverable";

export interface Layout {
  placement: Placement;
  opacity: number;
  /** Null: what suits. */
  size: number | null;
  margin: number;
  angle: number;
}

export interface Design {
  kind: Watermark["kind"];
  text: string;
  logo_id: string | null;
  logo_url: string | null;
  preview: Layout;
  deliverable: Layout;
}

export const PLACEMENTS: [Placement, string][] = [
  ["tile", "All over the photo"],
  ["top_left", "Top left"],
  ["top", "Top"],
  ["top_right", "Top right"],
  ["left", "Left"],
  ["center", "In the middle"],
  ["right", "Right"],
  ["bottom_left", "Bottom left"],
  ["bottom", "Bottom"],
  ["bottom_right", "Bottom right"],
];

/** As the editor shows it. */
export function designOf(watermark: Watermark): Design {
  const { kind, text, logo_id, logo_url } = watermark;
  return {
    kind,
    text: text ?? "",
    logo_id,
    logo_url,
    // An answer has every field; the shared schema lets those that ask leave some out.
    preview: watermark.preview as Layout,
    deliverable: watermark.deliverable as Layout,
  };
}

/** As the services take it; null while a logo is wanted that is not there yet. */
export function wishOf({ kind, text, logo_id, preview, deliverable }: Design) {
  if (kind === "logo") return logo_id ? { kind, logo_id, preview, deliverable } : null;
  return { kind, text: text.trim() || null, preview, deliverable };
}

/** The version to name when it is saved: none where the owner has no design of their own yet. */
export function ownVersion(watermark: Watermark, owner: Watermark["source"]): number | null {
  return watermark.source === owner ? watermark.version : null;
}
