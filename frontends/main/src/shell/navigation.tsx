import { CalendarDays, CircleUser, ShoppingBag } from "lucide-react";
import { useTranslation } from "react-i18next";
import { NavLink, useLocation } from "react-router";

const PLACES = [
  { to: "/", name: "events", icon: CalendarDays },
  { to: "/purchases", name: "purchases", icon: ShoppingBag },
  { to: "/account", name: "account", icon: CircleUser },
] as const;

const TOP =
  "inline-flex min-h-10 items-center gap-2 rounded-md px-3 text-sm font-medium text-muted-foreground hover:bg-muted hover:text-foreground aria-[current=page]:text-foreground data-current:text-foreground [&_svg]:size-4";
const BOTTOM =
  "grid flex-1 content-center justify-items-center gap-0.5 text-xs font-medium text-muted-foreground aria-[current=page]:text-accent-foreground data-current:text-accent-foreground [&_svg]:size-5";

export function TopLinks({ isSignedIn }: { isSignedIn: boolean }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  if (isSignedIn) return <Places className="flex gap-1 max-sm:hidden" linkClass={TOP} />;
  if (pathname.startsWith("/sign-")) return null;
  return (
    <NavLink to="/sign-in" className={TOP}>
      {t("shell.sign_in")}
    </NavLink>
  );
}

/** On phones, where the thumb is. What else sticks to the bottom of a page stands on `--bottom-bar`. */
export function BottomBar() {
  return (
    <Places
      className="sticky bottom-0 z-30 flex h-[calc(3.5rem+env(safe-area-inset-bottom))] border-t bg-background/95 pb-[env(safe-area-inset-bottom)] backdrop-blur sm:hidden"
      linkClass={BOTTOM}
    />
  );
}

function Places({ className, linkClass }: { className: string; linkClass: string }) {
  const { t } = useTranslation();
  const isInEvent = useLocation().pathname.startsWith("/projects/");
  return (
    <nav aria-label={t("shell.navigation")} className={className}>
      {PLACES.map(({ to, name, icon: Icon }) => (
        <NavLink
          key={to}
          to={to}
          end={to !== "/purchases"}
          className={linkClass}
          // One event is a place below all events, whatever its address.
          {...(to === "/" && isInEvent && { "data-current": true })}
        >
          <Icon aria-hidden />
          {t(`shell.${name}`)}
        </NavLink>
      ))}
    </nav>
  );
}
