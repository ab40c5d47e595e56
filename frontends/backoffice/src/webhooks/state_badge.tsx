import { Badge } from "@acme/ui/badge";
import type { Endpoint } from "./queries";

export function StateBadge({ endpoint }: { endpoint: Endpoint }) {
  if (!endpoint.is_enabled) return <Badge tone="danger">off</Badge>;
  if (endpoint.failing_since) return <Badge tone="warning">failing</Badge>;
  return <Badge tone="success">on</Badge>;
}
