import { answer, type Schemas } from "@acme/api/backoffice";
import type { Services } from "@/services";
import { paged } from "@/shell/paged";

export type PhotoPackage = Schemas["PackageOut"];

export const packageKeys = { all: ["packages"] as const };

export function packagesQuery({ backoffice }: Services) {
  return paged(packageKeys.all, (query) => answer(backoffice.GET("/v1/packages", { params: { query } })));
}
