import { Card } from "@acme/ui/card";
import { cn } from "@acme/ui/lib/cn";
import { agreedPercent, KINDS, total } from "./agreement";
import type { Comparison, Verdict } from "./queries";

const NUMBER = new Intl.NumberFormat("en");

interface AgreementProps {
  counts: Comparison["counts"];
  /** Null: all differences. */
  chosen: Verdict | null;
  onChoose: (verdict: Verdict | null) => void;
}

/** How far the engines agree; what is listed below is chosen here. */
export function Agreement({ counts, chosen, onChoose }: AgreementProps) {
  const all = total(counts);
  return (
    <Card className="grid gap-4">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="text-3xl font-semibold tabular-nums">{agreedPercent(counts)} %</span>
        <span className="text-muted-foreground">
          agreed, of {NUMBER.format(all)} {all === 1 ? "match" : "matches"} that either engine sees
        </span>
      </p>
      <div aria-hidden className="flex h-3 gap-0.5 overflow-hidden rounded-full">
        {KINDS.filter(({ verdict }) => counts[verdict] > 0).map(({ verdict, color }) => (
          <span key={verdict} className={cn("min-w-1", color)} style={{ flexGrow: counts[verdict] }} />
        ))}
      </div>
      <fieldset className="flex min-w-0 flex-wrap gap-2">
        <legend className="sr-only">Which matches are shown</legend>
        <Choice
          label="All differences"
          count={all - counts.agreed}
          isChosen={chosen === null}
          onChoose={() => onChoose(null)}
        />
        {KINDS.map(({ verdict, label, color }) => (
          <Choice
            key={verdict}
            label={label}
            color={color}
            count={counts[verdict]}
            isChosen={chosen === verdict}
            onChoose={() => onChoose(verdict)}
          />
        ))}
      </fieldset>
    </Card>
  );
}

interface ChoiceProps {
  label: string;
  color?: string;
  count: number;
  isChosen: boolean;
  onChoose: () => void;
}

function Choice({ label, color, count, isChosen, onChoose }: ChoiceProps) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={cn(
        "flex min-h-10 items-center gap-2 rounded-full border px-4 text-sm tabular-nums",
        isChosen ? "border-primary bg-accent text-accent-foreground" : "bg-surface hover:bg-muted",
      )}
    >
      {color && <span aria-hidden className={cn("size-2.5 rounded-full", color)} />}
      {label} {NUMBER.format(count)}
    </button>
  );
}
