import { hasCode, Problem } from "@acme/api/problem";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { RouterProvider } from "react-router/dom";
import { createRouter } from "./router";
import { type Services, ServicesProvider } from "./services";

const FRESH_MS = 15_000;
const MOST_TRIES = 2;

export function App({ services }: { services: Services }) {
  const [queries] = useState(createQueries);
  const [router] = useState(() => createRouter(services, queries));
  return (
    <ServicesProvider services={services}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ServicesProvider>
  );
}

/** A no stays a no: only what may pass is asked again. */
function createQueries(): QueryClient {
  const retry = (failures: number, error: Error) =>
    failures < MOST_TRIES &&
    (!(error instanceof Problem) || error.status >= 500) &&
    !hasCode(error, "unavailable");
  return new QueryClient({ defaultOptions: { queries: { staleTime: FRESH_MS, retry } } });
}
