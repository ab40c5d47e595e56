import {
  Activity,
  CalendarClock,
  Camera,
  Images,
  LayoutDashboard,
  type LucideIcon,
  Package,
  ScrollText,
  Stamp,
  Users,
  Webhook,
} from "lucide-react";
import type { Role } from "./homes";

export interface Destination {
  to: string;
  label: string;
  icon: LucideIcon;
  /** On a phone it is in the account's menu: the bar at the bottom has room for five. */
  isRare?: true;
}

export const DESTINATIONS: Record<Role, Destination[]> = {
  operator: [
    { to: "/dashboard", label: "Dashboard", icon: LayoutDashboard },
    { to: "/projects", label: "Projects", icon: Images },
    { to: "/packages", label: "Packages", icon: Package },
    { to: "/photographers", label: "Photographers", icon: Camera },
    { to: "/watermark", label: "Watermark", icon: Stamp },
    { to: "/webhooks", label: "Webhooks", icon: Webhook, isRare: true },
    { to: "/retention", label: "Retention", icon: CalendarClock, isRare: true },
  ],
  photographer: [{ to: "/my-projects", label: "My projects", icon: Images }],
  superadmin: [
    { to: "/admin/operators", label: "Operators", icon: Users },
    { to: "/admin/audit", label: "Audit log", icon: ScrollText },
    { to: "/admin/system", label: "System", icon: Activity },
  ],
  user: [],
};

export const ROLE_NAMES: Record<Role, string> = {
  operator: "Operator",
  photographer: "Photographer",
  superadmin: "Superadmin",
  user: "Guest",
};
