import { answer, type Schemas } from "@acme/api/backoffice";
import { queryOptions } from "@tanstack/react-query";
import type { Services } from "@/services";
import { paged } from "@/shell/paged";

export type Endpoint = Schemas["WebhookEndpointOut"];
export type Delivery = Schemas["WebhookDeliveryOut"];
export type DeliveryState = Schemas["WebhookDeliveryState"];
export type WebhookEvent = Schemas["WebhookEvent"];

export const webhookKeys = {
  all: ["webhooks"] as const,
  one: (id: string) => ["webhooks", id] as const,
  deliveries: (id: string) => ["webhooks", id, "deliveries"] as const,
  delivery: (id: string, deliveryId: string) => ["webhooks", id, "deliveries", deliveryId] as const,
};

export const EVENTS: Record<WebhookEvent, string> = {
  "photo.ready": "A photo can be seen",
  "match.confirmed": "A guest was found in a photo",
  "purchase.paid": "A guest has paid",
  "purchase.refunded": "Money was given back",
};

const SOON_MS = 2000;
/** While something is on its way, the list looks again. */
const refetchInterval = (isWaiting: boolean) => (isWaiting ? SOON_MS : false);

export function endpointsQuery({ backoffice }: Services) {
  return paged([...webhookKeys.all, "list"], (query) =>
    answer(backoffice.GET("/v1/webhook-endpoints", { params: { query } })),
  );
}

export function endpointQuery({ backoffice }: Services, id: string) {
  return queryOptions({
    queryKey: webhookKeys.one(id),
    queryFn: () =>
      answer(
        backoffice.GET("/v1/webhook-endpoints/{endpoint_id}", { params: { path: { endpoint_id: id } } }),
      ),
  });
}

export function deliveriesQuery({ backoffice }: Services, id: string, state: DeliveryState | null) {
  const wanted = state ? { state } : {};
  return {
    ...paged<Delivery>([...webhookKeys.deliveries(id), wanted], (page) =>
      answer(
        backoffice.GET("/v1/webhook-endpoints/{endpoint_id}/deliveries", {
          params: { path: { endpoint_id: id }, query: { ...page, ...wanted } },
        }),
      ),
    ),
    refetchInterval: (query: { state: { data?: { pages: { items: Delivery[] }[] } | undefined } }) =>
      refetchInterval(query.state.data?.pages.some(({ items }) => items.some(isDue)) ?? false),
  };
}

/** A new key after each try, so that what is open shows it. */
export function deliveryQuery(
  { backoffice }: Services,
  id: string,
  { id: deliveryId, state, tries }: Delivery,
) {
  return queryOptions({
    queryKey: [...webhookKeys.delivery(id, deliveryId), state, tries],
    queryFn: () =>
      answer(
        backoffice.GET("/v1/webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}", {
          params: { path: { endpoint_id: id, delivery_id: deliveryId } },
        }),
      ),
  });
}

/** It is tried within moments, and not only in hours. */
function isDue({ state, next_try_at }: Delivery): boolean {
  return state === "pending" && (!next_try_at || Date.parse(next_try_at) < Date.now() + 10_000);
}
