import { answer, type Schemas } from "@acme/api/backoffice";
import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { PageHeader } from "@acme/ui/card";
import { Dialog, DialogContent, DialogTrigger } from "@acme/ui/dialog";
import { Field } from "@acme/ui/field";
import { Input, Select, Textarea } from "@acme/ui/input";
import { BROWSER_LOCALE, date } from "@acme/ui/lib/format";
import { Empty } from "@acme/ui/states";
import { Table, TableRow, Td, Th } from "@acme/ui/table";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { type FormEvent, useDeferredValue, useState } from "react";
import { Link } from "react-router";
import { type Services, useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { paged } from "@/shell/paged";
import { useParameters } from "@/shell/parameters";
import { Title } from "@/shell/title";
import { useChange } from "@/shell/use_change";

type Operator = Schemas["OperatorOut"];

const KEY = ["operators"];

function operatorsQuery({ backoffice }: Services, search: string, status: Operator["status"] | null) {
  return paged<Operator>([...KEY, search, status], (page) => {
    const query = { ...page, ...(search && { q: search }), ...(status && { status }) };
    return answer(backoffice.GET("/v1/admin/operators", { params: { query } }));
  });
}

export function Component() {
  const { query, set } = useParameters();
  const search = useDeferredValue(query.get("q") ?? "");
  const status = (["active", "suspended"] as const).find((each) => each === query.get("status")) ?? null;
  const operators = useInfiniteQuery(operatorsQuery(useServices(), search, status));
  return (
    <>
      <Title>Operators</Title>
      <PageHeader title="Operators" description="Who runs events on this platform." />
      <div className="mb-5 flex flex-wrap gap-3">
        <Input
          type="search"
          aria-label="Search operators"
          placeholder="Search by name or e-mail"
          className="max-w-sm"
          defaultValue={search}
          onChange={({ target }) => set("q", target.value)}
        />
        <Select
          aria-label="State"
          className="max-w-44"
          value={status ?? ""}
          onChange={({ target }) => set("status", target.value)}
        >
          <option value="">All</option>
          <option value="active">Active</option>
          <option value="suspended">Suspended</option>
        </Select>
      </div>
      <Listed query={operators} what="The operators" empty={<Empty icon={Users} title="No operator fits" />}>
        {(items) => (
          <Table label="Operators">
            <thead>
              <TableRow>
                <Th>Name</Th>
                <Th>E-mail</Th>
                <Th className="text-right">Projects</Th>
                <Th className="text-right">Photographers</Th>
                <Th>Since</Th>
                <Th>State</Th>
                <Th>
                  <span className="sr-only">Actions</span>
                </Th>
              </TableRow>
            </thead>
            <tbody>
              {items.map((operator) => (
                <Row key={operator.id} operator={operator} />
              ))}
            </tbody>
          </Table>
        )}
      </Listed>
    </>
  );
}

function Row({ operator }: { operator: Operator }) {
  const isSuspended = operator.status === "suspended";
  return (
    <TableRow>
      <Td className="font-medium">
        <Link to={`/admin/audit?subject=${operator.id}`} className="underline-offset-4 hover:underline">
          {operator.name}
        </Link>
      </Td>
      <Td label="E-mail">{operator.email}</Td>
      <Td label="Projects" className="text-right tabular-nums">
        {operator.project_count}
      </Td>
      <Td label="Photographers" className="text-right tabular-nums">
        {operator.photographer_count}
      </Td>
      <Td label="Since">{date(operator.created_at, BROWSER_LOCALE)}</Td>
      <Td label="State">
        <Badge tone={isSuspended ? "danger" : "success"}>{isSuspended ? "Suspended" : "Active"}</Badge>
      </Td>
      <Td className="text-right">
        <ChangeState operator={operator} />
      </Td>
    </TableRow>
  );
}

function ChangeState({ operator }: { operator: Operator }) {
  const { backoffice } = useServices();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const isSuspended = operator.status === "suspended";
  const change = useChange({
    run: () => {
      const body = { status: isSuspended ? ("active" as const) : ("suspended" as const), reason };
      const path = { operator_id: operator.id };
      return answer(backoffice.PATCH("/v1/admin/operators/{operator_id}", { params: { path }, body }));
    },
    changes: [KEY],
    done: `${operator.name} is ${isSuspended ? "reinstated" : "suspended"}`,
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate(undefined, { onSuccess: () => setOpen(false) });
  }
  const verb = isSuspended ? "Reinstate" : "Suspend";
  return (
    <Dialog open={isOpen} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button look="secondary" size="sm" aria-label={`${verb} ${operator.name}`}>
          {verb}
        </Button>
      </DialogTrigger>
      <DialogContent
        title={`${verb} ${operator.name}?`}
        description={
          isSuspended
            ? "They can sign in again."
            : "Their sessions, and those of their photographers, end at once, and they cannot sign in."
        }
      >
        <form className="grid gap-4" onSubmit={submit}>
          <Field label="Reason" hint="It stands in the audit log.">
            <Textarea value={reason} maxLength={500} onChange={({ target }) => setReason(target.value)} />
          </Field>
          <Button type="submit" look={isSuspended ? "primary" : "danger"} isBusy={change.isPending}>
            {verb}
          </Button>
        </form>
      </DialogContent>
    </Dialog>
  );
}
