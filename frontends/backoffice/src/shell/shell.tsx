import { Outlet, ScrollRestoration } from "react-router";

export function Shell() {
  return (
    <main className="mx-auto w-full max-w-7xl px-6 py-8">
      <Outlet />
      <ScrollRestoration />
    </main>
  );
}
