import { answer, type Schemas } from "@acme/api/main";
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { galleryKeys } from "@/gallery/queries";
import { type Services, useServices } from "@/services";

export type Package = Schemas["PackageOut"];
export type Purchase = Schemas["PurchaseOut"];
export type PurchaseDetail = Schemas["PurchaseDetailOut"];
export type Archive = Schemas["ArchiveOut"];

const PENDING_MS = 4_000;
const BUILDING_MS = 2_000;

export const purchaseKeys = {
  all: ["purchases"] as const,
  list: () => [...purchaseKeys.all, "list"] as const,
  one: (id: string) => [...purchaseKeys.all, "one", id] as const,
  archive: (id: string) => [...purchaseKeys.all, "archive", id] as const,
  packages: (projectId: string) => ["packages", projectId] as const,
};

export function packagesQuery({ main }: Services, projectId: string) {
  const options = { params: { path: { project_id: projectId } } };
  return queryOptions({
    queryKey: purchaseKeys.packages(projectId),
    queryFn: () => answer(main.GET("/v1/projects/{project_id}/packages", options)),
  });
}

export function purchasesQuery({ main }: Services) {
  return infiniteQueryOptions({
    queryKey: purchaseKeys.list(),
    queryFn: ({ pageParam }) =>
      answer(main.GET("/v1/purchases", { params: { query: pageParam ? { cursor: pageParam } : {} } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

/** Live events tell of the payment; asking is for when they do not come through. */
export function purchaseQuery({ main }: Services, id: string, isAwaited = false) {
  return queryOptions({
    queryKey: purchaseKeys.one(id),
    queryFn: () => answer(main.GET("/v1/purchases/{purchase_id}", { params: { path: { purchase_id: id } } })),
    refetchInterval: ({ state }) => (isAwaited && state.data?.status === "pending" ? PENDING_MS : false),
  });
}

/** Asked for only when there is one. */
export function archiveQuery({ main }: Services, purchase: Purchase) {
  return queryOptions({
    queryKey: purchaseKeys.archive(purchase.id),
    queryFn: () =>
      answer(
        main.GET("/v1/purchases/{purchase_id}/archive", { params: { path: { purchase_id: purchase.id } } }),
      ),
    enabled: purchase.archive_state !== null,
    refetchInterval: ({ state }) => (state.data?.state === "building" ? BUILDING_MS : false),
  });
}

/** The same click twice is one purchase: the key stays for as long as the page does. */
export function useCheckout(projectId: string) {
  const { main } = useServices();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ packageId, key }: { packageId: string; key: string }) =>
      answer(
        main.POST("/v1/purchases", {
          params: { header: { "idempotency-key": key } },
          body: { project_id: projectId, package_id: packageId },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: purchaseKeys.list() }),
  });
}

export function useUnlock(purchase: Purchase) {
  const { main } = useServices();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (photoIds: string[]) =>
      answer(
        main.POST("/v1/purchases/{purchase_id}/photos", {
          params: { path: { purchase_id: purchase.id } },
          body: { photo_ids: photoIds },
        }),
      ),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: purchaseKeys.all }),
        client.invalidateQueries({ queryKey: galleryKeys.all }),
      ]),
  });
}

export function useBuildArchive(purchase: Purchase) {
  const { main } = useServices();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answer(
        main.POST("/v1/purchases/{purchase_id}/archive", { params: { path: { purchase_id: purchase.id } } }),
      ),
    onSuccess: (archive) => {
      client.setQueryData(purchaseKeys.archive(purchase.id), archive);
      return client.invalidateQueries({ queryKey: purchaseKeys.one(purchase.id) });
    },
  });
}
