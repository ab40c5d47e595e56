import { Button } from "@acme/ui/button";
import { Failure, Skeleton } from "@acme/ui/states";
import type { InfiniteData, UseInfiniteQueryResult, UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { problemText } from "./problem_text";

export interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}

interface LoadedProps<Data> {
  query: UseQueryResult<Data>;
  /** What cannot be shown, for the message. */
  what: string;
  children: (data: Data) => ReactNode;
}

/** The answer, or that it is on its way, or why it is not there. */
export function Loaded<Data>({ query, what, children }: LoadedProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <Skeleton className="h-48" />;
  return (
    <Failure title={`${what} cannot be shown`} onRetry={() => void query.refetch()}>
      {problemText(query.error)}
    </Failure>
  );
}

interface ListedProps<Item> {
  query: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  what: string;
  /** Instead of an empty list. */
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}

/** A list that grows by pages. */
export function Listed<Item>({ query, what, empty, children }: ListedProps<Item>) {
  if (query.data === undefined) {
    if (query.isPending) return <Skeleton className="h-64" />;
    return (
      <Failure title={`${what} cannot be shown`} onRetry={() => void query.refetch()}>
        {problemText(query.error)}
      </Failure>
    );
  }
  const items = query.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return empty;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {children(items)}
      {query.hasNextPage && (
        <Button
          look="secondary"
          className="justify-self-center"
          isBusy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </div>
  );
}
