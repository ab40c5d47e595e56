import { infiniteQueryOptions } from "@tanstack/react-query";
import type { Page } from "./loaded";

/** A keyset list: `fetchPage` gets the query parameters of one page. */
export function paged<Item>(
  queryKey: readonly unknown[],
  fetchPage: (page: { limit: number; cursor?: string }) => Promise<Page<Item>>,
  limit = 50,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam }) => fetchPage({ limit, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<Item>) => last.next_cursor ?? null,
  });
}
