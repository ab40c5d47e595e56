import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Card, CardHeader, PageHeader } from "@acme/ui/card";
import { saveAs } from "@acme/ui/lib/save_as";
import { Table, TableRow, Td, Th } from "@acme/ui/table";
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useServices } from "@/services";
import { Loaded } from "@/shell/loaded";
import { Title } from "@/shell/title";
import { useChange } from "@/shell/use_change";
import { Figures } from "./figures";
import { Filters, useScope } from "./filters";
import { FunnelSteps } from "./funnel_steps";
import { intervalOf } from "./period";
import { parametersOf, type Scope, type Summary, summaryQuery } from "./queries";
import { SeriesCard } from "./series_card";

export function Component() {
  const { scope, preset } = useScope();
  const summary = useQuery(summaryQuery(useServices(), scope));
  const interval = intervalOf(preset);
  return (
    <>
      <Title>Dashboard</Title>
      <PageHeader title="Dashboard" description="How your events do." actions={<Csv scope={scope} />} />
      <Filters />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
        <Loaded query={summary} what="The figures">
          {(found) => (
            <>
              <Figures summary={found} />
              <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-2">
                <SeriesCard
                  title="Revenue"
                  metric="revenue"
                  color="var(--chart-1)"
                  scope={scope}
                  interval={interval}
                />
                <Card>
                  <CardHeader title="From the door to the sale" description="How many guests came how far" />
                  <FunnelSteps funnel={found.funnel} />
                </Card>
                <SeriesCard
                  title="Uploads"
                  metric="photos"
                  color="var(--chart-2)"
                  scope={scope}
                  interval={interval}
                />
                <SeriesCard
                  title="Matches"
                  metric="matches"
                  color="var(--chart-3)"
                  scope={scope}
                  interval={interval}
                />
              </div>
              <Photographers figures={found.photographers} />
            </>
          )}
        </Loaded>
      </div>
    </>
  );
}

function Photographers({ figures }: { figures: Summary["photographers"] }) {
  if (figures.length === 0) return null;
  return (
    <Card>
      <CardHeader title="Photographers" />
      <Table label="Photographers" isNarrow>
        <thead>
          <TableRow>
            <Th>Name</Th>
            <Th className="text-right">Photos</Th>
            <Th className="text-right">Matches</Th>
          </TableRow>
        </thead>
        <tbody>
          {figures.map(({ photographer_id, name, photos, matches }) => (
            <TableRow key={photographer_id}>
              <Td>{name}</Td>
              <Td className="text-right tabular-nums">{photos}</Td>
              <Td className="text-right tabular-nums">{matches}</Td>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function Csv({ scope }: { scope: Scope }) {
  const { backoffice } = useServices();
  const download = useChange({
    run: async () => {
      const options = { params: { query: parametersOf(scope) }, parseAs: "blob" as const };
      saveAs((await answer(backoffice.GET("/v1/analytics/export.csv", options))) as Blob, "analytics.csv");
    },
    changes: [],
  });
  return (
    <Button look="secondary" isBusy={download.isPending} onClick={() => download.mutate()}>
      <Download aria-hidden /> CSV
    </Button>
  );
}
