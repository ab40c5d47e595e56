import { useOnline } from "@acme/ui/lib/online";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, ScrollRestoration, useNavigation } from "react-router";
import { useSessionState } from "../services";
import { Footer } from "./footer";
import { BottomBar, TopLinks } from "./navigation";

/** Toasts and the prompt for a new version: nobody waits for them. */
const Late = lazy(() => import("./late"));
const QUIET_MS = 2_500;

export function Shell() {
  const { t } = useTranslation();
  const isSignedIn = useSessionState().status === "signed-in";
  return (
    <div
      className={`grid min-h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_1fr_auto] ${isSignedIn ? "max-sm:[--bottom-bar:calc(3.5rem+env(safe-area-inset-bottom))]" : ""}`}
    >
      <title>{t("app.name")}</title>
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-raised px-4 py-3 shadow focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t("shell.skip")}
      </a>
      <header className="sticky top-0 z-30 border-b bg-background/90 pt-[env(safe-area-inset-top)] backdrop-blur">
        <div className="mx-auto flex h-14 max-w-7xl items-center justify-between gap-2 px-4">
          <Link to="/" className="flex min-h-10 items-center gap-2 font-semibold tracking-tight">
            <img src="/icon.svg" alt="" width={28} height={28} />
            {t("app.name")}
          </Link>
          <TopLinks isSignedIn={isSignedIn} />
        </div>
        <Moving />
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-7xl px-4 py-6 outline-none">
        <OfflineNotice />
        <Outlet />
      </main>
      <Footer />
      {isSignedIn && <BottomBar />}
      <ScrollRestoration />
      <AfterLoad />
    </div>
  );
}

/** What nobody waits for is not loaded beside what somebody does. */
function AfterLoad() {
  const [isQuiet, setQuiet] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    isQuiet && (
      <Suspense>
        <Late />
      </Suspense>
    )
  );
}

/** A thin line while the next page is on its way. */
function Moving() {
  const isMoving = useNavigation().state !== "idle";
  if (!isMoving) return null;
  return <div aria-hidden className="absolute inset-x-0 -bottom-px h-0.5 animate-pulse bg-primary" />;
}

/** Always there, so that a change is read out; it takes room only when there is something to say. */
function OfflineNotice() {
  const { t } = useTranslation();
  const isOnline = useOnline();
  return (
    <div role="status">
      {!isOnline && (
        <p className="mb-4 rounded-md border border-current bg-surface px-4 py-2 text-sm text-warning">
          {t("states.offline")}
        </p>
      )}
    </div>
  );
}
