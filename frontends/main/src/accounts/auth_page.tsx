import { Card } from "@acme/ui/card";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";

export interface AuthPageProps {
  title: string;
  intro?: ReactNode;
  children: ReactNode;
  /** Links below the form. */
  below?: ReactNode;
}

/** A form of one purpose, in the middle of the page. */
export function AuthPage({ title, intro, children, below }: AuthPageProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="mx-auto grid w-full max-w-md gap-6 py-4 sm:py-10">
      <title>{`${title} · ${t("app.name")}`}</title>
      <div className="grid gap-2 text-center">
        <h1 id={id} className="text-2xl font-semibold tracking-tight text-balance">
          {title}
        </h1>
        {intro && <p className="text-muted-foreground">{intro}</p>}
      </div>
      <Card aria-labelledby={id}>{children}</Card>
      {below && <div className="grid justify-items-center gap-1 text-sm">{below}</div>}
    </div>
  );
}

export const TEXT_LINK =
  "inline-flex min-h-10 items-center text-accent-foreground underline underline-offset-4 hover:no-underline";
