import { Navigate, Outlet, useLocation } from "react-router";
import { withNext } from "../accounts/next_path";
import { useSessionState } from "../services";

/** Around all that only signed-in people see: who is signed out here, or in another tab, comes to sign-in. */
export function SessionGuard() {
  const { pathname, search } = useLocation();
  if (useSessionState().status === "signed-in") return <Outlet />;
  return <Navigate to={withNext("/sign-in", pathname + search)} replace />;
}
