import {
  Activity,
  Camera,
  Images,
  LayoutDashboard,
  type LucideIcon,
  Package,
  ScrollText,
  Stamp,
  Users,
} from "lucide-react";
import type { Role } from "./homes";

export interface Destination {
  to: string;
  label: string;
  icon: LucideIcon;
}

export const DESTINATIONS: Record<Role, Destination[]> = {
  operator: [
    { to: "/dashboard", label: "Dashboard", icon: LayoutDashboard },
    { to: "/projects", label: "Projects", icon: Images },
    { to: "/packages", label: "Packages", icon: Package },
    { to: "/photographers", label: "Photographers", icon: Camera },
    { to: "/watermark", label: "Watermark", icon: Stamp },
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
