import type { QueryClient } from "@tanstack/react-query";
import {
  createBrowserRouter,
  matchRoutes,
  type RouteObject,
  redirect,
  type ShouldRevalidateFunctionArgs,
} from "react-router";
import { withNext } from "./accounts/next_path";
import { photosQuery, projectQuery } from "./gallery/queries";
import { shownFilter } from "./gallery/shown_filter";
import type { Services } from "./services";
import { Crashed, NotFound } from "./shell/errors";
import { SessionGuard } from "./shell/session_guard";
import { Shell } from "./shell/shell";
import { Splash } from "./shell/splash";

/** Each screen is a chunk of its own: a module `<feature>/<screen>` that exports `Component`. */
const GALLERY = {
  path: "projects/:projectId",
  lazy: () => import("./gallery/gallery_page"),
} satisfies RouteObject;

const SIGNED_IN: RouteObject[] = [
  { index: true, lazy: () => import("./gallery/projects_page") },
  { path: "projects/:projectId/buy", lazy: () => import("./purchases/buy_page") },
  { path: "purchases", lazy: () => import("./purchases/purchases_page") },
  { path: "purchases/:purchaseId", lazy: () => import("./purchases/purchase_page") },
  { path: "consent", lazy: () => import("./consent/consent_page") },
  { path: "selfie", lazy: () => import("./selfie/selfie_page") },
  { path: "account", lazy: () => import("./account/account_page") },
];

const OPEN: RouteObject[] = [
  { path: "join/:token", lazy: () => import("./joining/join_page") },
  { path: "sign-in", lazy: () => import("./accounts/sign_in_page") },
  { path: "sign-up", lazy: () => import("./accounts/sign_up_page") },
  { path: "forgot-password", lazy: () => import("./accounts/forgot_password_page") },
  { path: "reset-password", lazy: () => import("./accounts/reset_password_page") },
  { path: "verify-email", lazy: () => import("./accounts/verify_email_page") },
  { path: "terms", lazy: () => import("./shell/terms_page") },
  { path: "retention", lazy: () => import("./privacy/retention_page") },
  { path: "goodbye", lazy: () => import("./account/goodbye_page") },
];

/** Fetches the screen's code before it is known who is there: the router asks for it only then. */
export function fetchScreen(pathname: string): void {
  for (const { route } of matchRoutes([...OPEN, GALLERY, ...SIGNED_IN], pathname) ?? []) {
    if (typeof route.lazy === "function") void route.lazy().catch(() => undefined); // the router tells of it
  }
}

/** Who is not signed in is sent to sign-in and comes back to where they wanted to go. */
export function createRouter(services: Services, queries: QueryClient) {
  const gallery: RouteObject = {
    ...GALLERY,
    loader: async ({ params: { projectId = "" }, request }) => {
      await requireSession(services, request);
      const filter = shownFilter(new URL(request.url).searchParams);
      void queries.prefetchQuery(projectQuery(services, projectId));
      void queries.prefetchInfiniteQuery(photosQuery(services, projectId, filter));
      return null;
    },
    shouldRevalidate: (change) => isOtherPage(change) || isOtherFilter(change),
  };
  const guarded: RouteObject = {
    element: <SessionGuard />,
    loader: ({ request }) => requireSession(services, request),
    shouldRevalidate: isOtherPage,
    children: [gallery, ...SIGNED_IN],
  };
  return createBrowserRouter([
    {
      element: <Shell />,
      errorElement: <Crashed />,
      hydrateFallbackElement: <Splash />,
      loader: () => restored(services),
      shouldRevalidate: () => false,
      children: [
        { errorElement: <Crashed />, children: [...OPEN, guarded, { path: "*", element: <NotFound /> }] },
      ],
    },
  ]);
}

/** The open photo stands in the query: going on to the next asks nothing anew. */
function isOtherPage({ currentUrl, nextUrl }: ShouldRevalidateFunctionArgs): boolean {
  return currentUrl.pathname !== nextUrl.pathname;
}

function isOtherFilter({ currentUrl, nextUrl }: ShouldRevalidateFunctionArgs): boolean {
  return shownFilter(currentUrl.searchParams) !== shownFilter(nextUrl.searchParams);
}

async function restored(services: Services): Promise<null> {
  if (services.session.state.status === "unknown") await services.session.restore();
  return null;
}

async function requireSession(services: Services, request: Request): Promise<null> {
  await restored(services);
  if (services.session.state.status === "signed-in") return null;
  const { pathname, search } = new URL(request.url);
  throw redirect(withNext("/sign-in", pathname + search));
}
