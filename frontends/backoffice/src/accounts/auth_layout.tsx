import type { ReactNode } from "react";
import { Link } from "react-router";
import { Logo } from "../shell/logo";
import { OfflineBanner } from "../shell/offline_banner";
import { Title } from "../shell/title";

export interface AuthLayoutProps {
  title: string;
  description?: ReactNode;
  children: ReactNode;
  /** Ways to the neighbouring pages. */
  below?: ReactNode;
}

/** The frame of all pages for those who are not signed in. */
export function AuthLayout({ title, description, children, below }: AuthLayoutProps) {
  return (
    <div className="grid min-h-dvh lg:grid-cols-2">
      <Title>{title}</Title>
      <div className="flex flex-col">
        <OfflineBanner />
        <header className="p-6">
          <Link to="/sign-in" className="rounded-md" aria-label="Acme Photos, sign in">
            <Logo />
          </Link>
        </header>
        <main className="mx-auto grid w-full max-w-sm grow content-center gap-6 px-6 pb-16">
          <div className="grid gap-2">
            <h1 className="text-2xl font-semibold tracking-tight text-balance">{title}</h1>
            {description && <p className="text-muted-foreground">{description}</p>}
          </div>
          {children}
          {below && <div className="grid gap-2 text-sm text-muted-foreground">{below}</div>}
        </main>
      </div>
      <Mosaic />
    </div>
  );
}

const TILES = [
  "col-span-2 row-span-2 from-amber-200 via-rose-300 to-indigo-500",
  "row-span-3 from-sky-200 via-indigo-300 to-slate-700",
  "row-span-2 from-emerald-200 via-teal-400 to-slate-800",
  "row-span-2 from-fuchsia-200 via-purple-400 to-indigo-800",
  "row-span-3 from-orange-200 via-rose-400 to-violet-800",
  "col-span-2 row-span-2 from-slate-300 via-sky-400 to-indigo-900",
];

/** An evening's light, before it has become photos. */
function Mosaic() {
  return (
    <div aria-hidden className="sticky top-0 hidden h-dvh grid-cols-3 grid-rows-6 gap-2 p-2 lg:grid">
      {TILES.map((tile) => (
        <div key={tile} className={`rounded-lg bg-linear-to-br opacity-90 dark:opacity-70 ${tile}`} />
      ))}
    </div>
  );
}
