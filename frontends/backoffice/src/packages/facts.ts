import { money } from "@acme/ui/lib/format";
import type { Account } from "@/services";
import type { PhotoPackage } from "./queries";

/** "€15.00 · 2 photos · branded" */
export function packageFacts(item: PhotoPackage, { currency, locale }: Account): string {
  const price = currency ? money(item.price, currency, locale ?? "en") : String(item.price);
  const photos = item.photo_count === 0 ? "all photos of the buyer" : `${item.photo_count} photos`;
  return [price, photos, item.deliverable === "original" ? "original files" : "branded"].join(" · ");
}
