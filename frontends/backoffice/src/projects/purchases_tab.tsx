import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { dateTime, money } from "@acme/ui/lib/format";
import { Empty } from "@acme/ui/states";
import { Table, TableRow, Td, Th } from "@acme/ui/table";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ShoppingBag } from "lucide-react";
import { Link } from "react-router";
import { useAccount, useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { useProject } from "./project_page";
import { salesQuery } from "./queries";
import { Refund } from "./refund";
import { leftToRefund, saleState } from "./sale_state";

export function Component() {
  const project = useProject();
  const locale = useAccount().locale ?? "en";
  const sales = useInfiniteQuery(salesQuery(useServices(), project.id));
  return (
    <Listed
      query={sales}
      what="The sales"
      empty={
        <Empty
          icon={ShoppingBag}
          title="Nothing sold yet"
          action={
            <Button asChild look="secondary">
              <Link to="../packages">To the packages</Link>
            </Button>
          }
        >
          Put packages on sale, and guests can buy from their gallery.
        </Empty>
      }
    >
      {(items) => (
        <Table label="Sales">
          <thead>
            <TableRow>
              <Th>Guest</Th>
              <Th>Package</Th>
              <Th>When</Th>
              <Th>State</Th>
              <Th className="text-right">Amount</Th>
              <Th>
                <span className="sr-only">Actions</span>
              </Th>
            </TableRow>
          </thead>
          <tbody>
            {items.map((sale) => {
              const state = saleState(sale);
              return (
                <TableRow key={sale.id}>
                  <Td className="font-medium">{sale.user_name}</Td>
                  <Td label="Package">{sale.package_name}</Td>
                  <Td label="When">{dateTime(sale.created_at, locale)}</Td>
                  <Td label="State">
                    <Badge tone={state.tone}>{state.label}</Badge>
                  </Td>
                  <Td label="Amount" className="text-right tabular-nums">
                    {money(sale.amount, sale.currency, locale)}
                    {sale.refunded_amount > 0 && (
                      <span className="block text-xs text-muted-foreground">
                        −{money(sale.refunded_amount, sale.currency, locale)}
                      </span>
                    )}
                  </Td>
                  <Td className="text-right">{leftToRefund(sale) > 0 && <Refund sale={sale} />}</Td>
                </TableRow>
              );
            })}
          </tbody>
        </Table>
      )}
    </Listed>
  );
}
