import type { Account } from "../services";

export type Role = Account["role"];

export const HOMES: Record<Role, string> = {
  operator: "/dashboard",
  photographer: "/my-projects",
  superadmin: "/admin/operators",
  user: "/",
};
