import type { TFunction } from "i18next";
import type { Package, Purchase } from "./queries";

/** What a package holds, line by line. */
export function contentsOf(
  item: Pick<Package | Purchase, "photo_count" | "deliverable">,
  t: TFunction,
): string[] {
  const photos =
    item.photo_count === 0 ? t("purchases.all_photos") : t("purchases.photos", { count: item.photo_count });
  return [photos, t(`purchases.deliverables.${item.deliverable}`), t("purchases.downloads")];
}
