import { Button } from "@acme/ui/button";
import { dateTime } from "@acme/ui/lib/format";
import { Empty } from "@acme/ui/states";
import { Table, TableRow, Td, Th } from "@acme/ui/table";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { Link } from "react-router";
import { useAccount, useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { useProject } from "./project_page";
import { membersQuery } from "./queries";

export function Component() {
  const project = useProject();
  const { locale } = useAccount();
  const members = useInfiniteQuery(membersQuery(useServices(), project.id));
  return (
    <Listed
      query={members}
      what="The guests"
      empty={
        <Empty
          icon={Users}
          title="Nobody has joined yet"
          action={
            <Button asChild look="secondary">
              <Link to="../qr-codes">To the QR codes</Link>
            </Button>
          }
        >
          Guests join by scanning a QR code of this project.
        </Empty>
      }
    >
      {(items) => (
        <Table label="Guests">
          <thead>
            <TableRow>
              <Th>Name</Th>
              <Th>E-mail</Th>
              <Th>Joined</Th>
              <Th>Terms accepted</Th>
            </TableRow>
          </thead>
          <tbody>
            {items.map((member) => (
              <TableRow key={member.user_id}>
                <Td className="font-medium">{member.name}</Td>
                <Td label="E-mail">{member.email}</Td>
                <Td label="Joined">{dateTime(member.joined_at, locale ?? "en")}</Td>
                <Td label="Terms accepted">
                  {member.terms_accepted_at ? dateTime(member.terms_accepted_at, locale ?? "en") : "–"}
                </Td>
              </TableRow>
            ))}
          </tbody>
        </Table>
      )}
    </Listed>
  );
}
