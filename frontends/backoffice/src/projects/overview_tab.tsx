import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { Card, CardHeader } from "@acme/ui/card";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { Figures } from "@/dashboard/figures";
import { FunnelSteps } from "@/dashboard/funnel_steps";
import { summaryQuery } from "@/dashboard/queries";
import { useServices } from "@/services";
import { Loaded } from "@/shell/loaded";
import { useProject } from "./project_page";

export function Component() {
  const project = useProject();
  const summary = useQuery(summaryQuery(useServices(), { projectId: project.id }));
  return (
    <Loaded query={summary} what="The figures">
      {(found) => (
        <div className="grid gap-6">
          <Figures summary={found} />
          {found.tags.pending > 0 && (
            <Card className="flex flex-wrap items-center justify-between gap-3">
              <p>
                <Badge tone="warning">{found.tags.pending}</Badge> matches wait for a decision.
              </p>
              <Button asChild>
                <Link to={`/projects/${project.id}/review`}>Review them</Link>
              </Button>
            </Card>
          )}
          <Card>
            <CardHeader title="From the door to the sale" description="How many guests came how far" />
            <FunnelSteps funnel={found.funnel} />
          </Card>
        </div>
      )}
    </Loaded>
  );
}
