import { Button } from "@acme/ui/button";
import { Notice } from "@acme/ui/states";
import { toast } from "@acme/ui/toaster";
import { Copy } from "lucide-react";
import type { ReactNode } from "react";

export interface ShownSecretProps {
  secret: string;
  children?: ReactNode;
  onDone: () => void;
}

/** Shown once: nobody can read it again. */
export function ShownSecret({ secret, children, onDone }: ShownSecretProps) {
  async function copy() {
    await navigator.clipboard.writeText(secret);
    toast.success("The secret is copied");
  }
  return (
    <div className="grid gap-4">
      <Notice tone="accent">
        Your software verifies with this secret that a message comes from here. It is shown only now: keep it
        safe. {children}
      </Notice>
      <code data-testid="webhook-secret" className="rounded-md bg-muted p-3 text-sm break-all">
        {secret}
      </code>
      <div className="flex flex-wrap gap-2">
        <Button look="secondary" onClick={() => void copy()}>
          <Copy aria-hidden /> Copy
        </Button>
        <Button onClick={onDone}>I have kept it</Button>
      </div>
    </div>
  );
}
