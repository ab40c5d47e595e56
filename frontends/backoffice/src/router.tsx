import { createBrowserRouter, Navigate, Outlet, type RouteObject, redirect } from "react-router";
import type { Account, Services } from "./services";
import { Crashed, NotFound } from "./shell/errors";
import { HOMES, type Role } from "./shell/homes";
import { Shell } from "./shell/shell";

const PROJECT_TABS: RouteObject[] = [
  { index: true, element: <Navigate to="overview" replace /> },
  { path: "overview", lazy: () => import("./projects/overview_tab") },
  { path: "details", lazy: () => import("./projects/details_tab") },
  { path: "photos", lazy: () => import("./projects/photos_tab") },
  { path: "photos/near-duplicates", lazy: () => import("./projects/near_duplicates") },
  { path: "watermark", lazy: () => import("./projects/watermark_tab") },
  { path: "members", lazy: () => import("./projects/members_tab") },
  { path: "hide-requests", lazy: () => import("./projects/hide_requests_tab") },
  { path: "selfie-conflicts", lazy: () => import("./projects/selfie_conflicts_tab") },
  { path: "qr-codes", lazy: () => import("./projects/qr_codes_tab") },
  { path: "packages", lazy: () => import("./projects/packages_tab") },
  { path: "photographers", lazy: () => import("./projects/photographers_tab") },
  { path: "coaches", lazy: () => import("./projects/coaches_tab") },
  { path: "purchases", lazy: () => import("./projects/purchases_tab") },
];

/**
 * Each screen is a chunk of its own: a module `<feature>/<screen>` that exports `Component`.
 * Who is not signed in is sent to sign-in and comes back to where they wanted to go.
 */
export function createRouter(services: Services) {
  const operators: RouteObject[] = [
    { path: "dashboard", lazy: () => import("./dashboard/dashboard_page") },
    { path: "projects", lazy: () => import("./projects/projects_page") },
    { path: "projects/:projectId", lazy: () => import("./projects/project_page"), children: PROJECT_TABS },
    { path: "packages", lazy: () => import("./packages/packages_page") },
    { path: "photographers", lazy: () => import("./photographers/photographers_page") },
    { path: "watermark", lazy: () => import("./watermarks/watermark_page") },
    { path: "retention", lazy: () => import("./retention/retention_page") },
    { path: "webhooks", lazy: () => import("./webhooks/webhooks_page") },
    { path: "webhooks/:endpointId", lazy: () => import("./webhooks/endpoint_page") },
    { path: "projects/:projectId/review", lazy: () => import("./review/review_page") },
    { path: "projects/:projectId/thresholds", lazy: () => import("./thresholds/thresholds_page") },
    { path: "projects/:projectId/shadow", lazy: () => import("./shadow/shadow_page") },
  ];
  const photographers: RouteObject[] = [
    { path: "my-projects", lazy: () => import("./upload/my_projects_page") },
    { path: "my-projects/:projectId", lazy: () => import("./upload/upload_page") },
  ];
  const superadmins: RouteObject[] = [
    { path: "admin/operators", lazy: () => import("./admin/operators_page") },
    { path: "admin/audit", lazy: () => import("./admin/audit_page") },
    { path: "admin/system", lazy: () => import("./admin/system_page") },
  ];
  return createBrowserRouter([
    {
      errorElement: <Crashed />,
      hydrateFallbackElement: <div />,
      loader: () => restored(services),
      shouldRevalidate: () => false,
      children: [
        { path: "sign-in", lazy: () => import("./accounts/sign_in_page") },
        { path: "sign-up", lazy: () => import("./accounts/sign_up_page") },
        { path: "forgot-password", lazy: () => import("./accounts/forgot_password_page") },
        { path: "reset-password", lazy: () => import("./accounts/reset_password_page") },
        { path: "accept-invite", lazy: () => import("./accounts/accept_invite_page") },
        {
          element: <Shell />,
          children: [
            { index: true, loader: ({ request }) => home(services, request) },
            only(services, ["operator"], operators),
            only(services, ["photographer"], photographers),
            only(services, ["superadmin"], superadmins),
            only(
              services,
              ["operator", "photographer", "superadmin"],
              [{ path: "account", lazy: () => import("./account/account_page") }],
            ),
            { path: "*", element: <NotFound /> },
          ],
        },
      ],
    },
  ]);
}

function only(services: Services, roles: Role[], children: RouteObject[]): RouteObject {
  return {
    element: <Outlet />,
    loader: async ({ request }) => {
      const account = await requireAccount(services, request);
      if (!roles.includes(account.role)) throw redirect(HOMES[account.role]);
      return null;
    },
    // Filters stand in the query and change with each letter: nobody is asked again who they are.
    shouldRevalidate: ({ currentUrl, nextUrl }) => currentUrl.pathname !== nextUrl.pathname,
    children,
  };
}

async function home(services: Services, request: Request): Promise<never> {
  const account = await requireAccount(services, request);
  throw redirect(HOMES[account.role]);
}

async function restored(services: Services): Promise<null> {
  if (services.session.state.status === "unknown") await services.session.restore();
  return null;
}

async function requireAccount(services: Services, request: Request): Promise<Account> {
  await restored(services);
  const state = services.session.state;
  if (state.status === "signed-in") return state.account;
  const { pathname, search } = new URL(request.url);
  throw redirect(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
}
