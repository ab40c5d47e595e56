import { answer, type Schemas } from "@acme/api/backoffice";
import type { Services } from "@/services";
import { paged } from "@/shell/paged";

export type Photographer = Schemas["PhotographerOut"];

export const photographerKeys = { all: ["photographers"] as const };

export function photographersQuery({ backoffice }: Services) {
  return paged(photographerKeys.all, (query) =>
    answer(backoffice.GET("/v1/photographers", { params: { query } })),
  );
}
