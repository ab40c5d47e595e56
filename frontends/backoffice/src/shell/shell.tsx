import { cn } from "@acme/ui/lib/cn";
import { Link, Navigate, NavLink, Outlet, ScrollRestoration, useLocation } from "react-router";
import { useAccount, useSessionState } from "../services";
import { AccountMenu } from "./account_menu";
import { Logo } from "./logo";
import { DESTINATIONS } from "./navigation";
import { OfflineBanner } from "./offline_banner";
import { RouteNews } from "./route_news";

/** Around every page of somebody who is signed in; whoever is no longer is sent to sign-in. */
export function Shell() {
  const { pathname, search } = useLocation();
  if (useSessionState().status !== "signed-in") {
    return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />;
  }
  return (
    <div className="min-h-dvh lg:pl-60">
      <SkipLink />
      <SideBar />
      <TopBar />
      <OfflineBanner />
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-7xl px-4 pt-6 pb-28 outline-none sm:px-6 lg:px-8 lg:py-8"
      >
        <Outlet />
      </main>
      <BottomBar />
      <RouteNews />
      <ScrollRestoration />
    </div>
  );
}

function SkipLink() {
  return (
    <a
      href="#main"
      className="sr-only z-50 rounded-md bg-primary px-4 py-2 text-primary-foreground focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
    >
      Skip to the content
    </a>
  );
}

function SideBar() {
  return (
    <div className="fixed inset-y-0 left-0 z-20 hidden w-60 flex-col border-r bg-surface p-3 lg:flex">
      <Link to="/" className="mb-6 rounded-md px-3 py-3" aria-label="Acme Photos, start">
        <Logo />
      </Link>
      <nav aria-label="Main" className="grid gap-1">
        {DESTINATIONS[useAccount().role].map(({ to, label, icon: Icon }) => (
          <NavLink
            key={to}
            to={to}
            className={({ isActive }) =>
              cn(
                "flex min-h-10 items-center gap-3 rounded-md px-3 text-sm font-medium text-muted-foreground hover:bg-muted hover:text-foreground",
                isActive && "bg-accent text-accent-foreground hover:bg-accent hover:text-accent-foreground",
              )
            }
          >
            <Icon className="size-4" aria-hidden /> {label}
          </NavLink>
        ))}
      </nav>
      <div className="mt-auto border-t pt-3">
        <AccountMenu />
      </div>
    </div>
  );
}

function TopBar() {
  return (
    <header className="sticky top-0 z-20 flex min-h-14 items-center justify-between border-b bg-surface px-4 lg:hidden">
      <Link to="/" className="rounded-md py-2" aria-label="Acme Photos, start">
        <Logo />
      </Link>
      <AccountMenu isCompact />
    </header>
  );
}

/** Within reach of the thumb. */
function BottomBar() {
  const destinations = DESTINATIONS[useAccount().role].filter(({ isRare }) => !isRare);
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-20 flex border-t bg-surface pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      {destinations.map(({ to, label, icon: Icon }) => (
        <NavLink
          key={to}
          to={to}
          className={({ isActive }) =>
            cn(
              "grid min-h-14 grow place-items-center content-center gap-0.5 px-0.5 text-xs max-[22rem]:text-[0.6875rem] font-medium text-muted-foreground",
              isActive && "text-accent-foreground",
            )
          }
        >
          <Icon className="size-5" aria-hidden /> {label}
        </NavLink>
      ))}
    </nav>
  );
}
