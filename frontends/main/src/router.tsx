import { createBrowserRouter, Outlet, type RouteObject, redirect } from "react-router";
import type { Services } from "./services";
import { Crashed, NotFound } from "./shell/errors";
import { Shell } from "./shell/shell";

/**
 * Each screen is a chunk of its own: a module `<feature>/<screen>` that exports `Component`.
 * Who is not signed in is sent to sign-in and comes back to where they wanted to go.
 */
export function createRouter(services: Services) {
  const signedIn: RouteObject[] = [
    { index: true, lazy: () => import("./gallery/projects_page") },
    { path: "projects/:projectId", lazy: () => import("./gallery/gallery_page") },
    { path: "projects/:projectId/buy", lazy: () => import("./purchases/buy_page") },
    { path: "purchases", lazy: () => import("./purchases/purchases_page") },
    { path: "purchases/:purchaseId", lazy: () => import("./purchases/purchase_page") },
    { path: "consent", lazy: () => import("./consent/consent_page") },
    { path: "selfie", lazy: () => import("./selfie/selfie_page") },
    { path: "account", lazy: () => import("./account/account_page") },
  ];
  return createBrowserRouter([
    {
      element: <Shell />,
      errorElement: <Crashed />,
      hydrateFallbackElement: <div />,
      loader: () => restored(services),
      shouldRevalidate: () => false,
      children: [
        { path: "join/:token", lazy: () => import("./joining/join_page") },
        { path: "sign-in", lazy: () => import("./accounts/sign_in_page") },
        { path: "sign-up", lazy: () => import("./accounts/sign_up_page") },
        { path: "forgot-password", lazy: () => import("./accounts/forgot_password_page") },
        { path: "reset-password", lazy: () => import("./accounts/reset_password_page") },
        { path: "verify-email", lazy: () => import("./accounts/verify_email_page") },
        { path: "terms", lazy: () => import("./shell/terms_page") },
        {
          element: <Outlet />,
          loader: ({ request }) => requireSession(services, request),
          children: signedIn,
        },
        { path: "*", element: <NotFound /> },
      ],
    },
  ]);
}

async function restored(services: Services): Promise<null> {
  if (services.session.state.status === "unknown") await services.session.restore();
  return null;
}

async function requireSession(services: Services, request: Request): Promise<null> {
  await restored(services);
  if (services.session.state.status === "signed-in") return null;
  const { pathname, search } = new URL(request.url);
  throw redirect(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
}
