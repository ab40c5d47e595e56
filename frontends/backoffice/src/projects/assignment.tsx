import { Button } from "@acme/ui/button";
import { Empty } from "@acme/ui/states";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Listed, type Page } from "@/shell/loaded";

interface Named {
  id: string;
  name: string;
}

export interface AssignmentProps<Item extends Named> {
  all: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  assigned: UseInfiniteQueryResult<InfiniteData<Page<Named>>>;
  what: string;
  icon: LucideIcon;
  /** Where new ones are made. */
  home: { to: string; label: string };
  facts: (item: Item) => ReactNode;
  addLabel: string;
  removeLabel: string;
  busyId: string | undefined;
  onChange: (item: Item, isAssigned: boolean) => void;
}

/** What the operator has, each in this project or not. */
export function Assignment<Item extends Named>(props: AssignmentProps<Item>) {
  const { all, assigned, what, icon, home, facts, addLabel, removeLabel, busyId, onChange } = props;
  const inProject = new Set(assigned.data?.pages.flatMap((page) => page.items.map(({ id }) => id)));
  return (
    <Listed
      query={all}
      what={what}
      empty={
        <Empty
          icon={icon}
          title={`No ${what.toLowerCase()} yet`}
          action={
            <Button asChild look="secondary">
              <Link to={home.to}>{home.label}</Link>
            </Button>
          }
        />
      }
    >
      {(items) => (
        <ul className="grid max-w-3xl gap-3">
          {items.map((item) => {
            const isIn = inProject.has(item.id);
            return (
              <li
                key={item.id}
                className="flex flex-wrap items-center justify-between gap-3 rounded-lg border bg-surface p-4"
              >
                <span className="grid">
                  <span className="font-medium">{item.name}</span>
                  <span className="text-sm text-muted-foreground">{facts(item)}</span>
                </span>
                <Button
                  look={isIn ? "secondary" : "primary"}
                  isBusy={busyId === item.id}
                  disabled={assigned.isPending}
                  aria-label={`${isIn ? removeLabel : addLabel}: ${item.name}`}
                  onClick={() => onChange(item, !isIn)}
                >
                  {isIn ? removeLabel : addLabel}
                </Button>
              </li>
            );
          })}
        </ul>
      )}
    </Listed>
  );
}
