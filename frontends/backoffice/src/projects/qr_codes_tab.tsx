import { answer } from "@acme/api/backoffice";
import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { Confirm } from "@acme/ui/confirm";
import { Dialog, DialogContent, DialogTrigger } from "@acme/ui/dialog";
import { dateTime } from "@acme/ui/lib/format";
import { saveAs } from "@acme/ui/lib/save_as";
import { Empty } from "@acme/ui/states";
import { toast } from "@acme/ui/toaster";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Copy, Plus, Printer, QrCode } from "lucide-react";
import { useState } from "react";
import { useAccount, useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { problemText } from "@/shell/problem_text";
import { useChange } from "@/shell/use_change";
import { useProject } from "./project_page";
import { QrForm } from "./qr_form";
import { QrImage } from "./qr_image";
import { projectKeys, type QrToken, qrTokensQuery } from "./queries";

export function Component() {
  const project = useProject();
  const tokens = useInfiniteQuery(qrTokensQuery(useServices(), project.id));
  return (
    <div className="grid gap-5">
      <NewCode projectId={project.id} />
      <Listed
        query={tokens}
        what="The QR codes"
        empty={
          <Empty icon={QrCode} title="No QR codes yet">
            A poster is for everybody who passes it. A card is for one guest, and works once.
          </Empty>
        }
      >
        {(items) => (
          <ul className="grid gap-4 lg:grid-cols-2">
            {items.map((token) => (
              <Code key={token.id} projectId={project.id} token={token} />
            ))}
          </ul>
        )}
      </Listed>
    </div>
  );
}

function NewCode({ projectId }: { projectId: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog open={isOpen} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button className="justify-self-start">
          <Plus aria-hidden /> New QR code
        </Button>
      </DialogTrigger>
      <DialogContent title="New QR code">
        <QrForm projectId={projectId} onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}

function Code({ projectId, token }: { projectId: string; token: QrToken }) {
  const { locale } = useAccount();
  const state = stateOf(token);
  return (
    <li className="flex flex-wrap gap-5 rounded-lg border bg-surface p-5">
      <QrImage projectId={projectId} token={token} isDim={state !== "works"} />
      <div className="grid min-w-52 flex-1 content-between gap-3">
        <div className="grid gap-1">
          <h2 className="flex flex-wrap items-center gap-2 font-semibold">
            {token.label || (token.kind === "poster" ? "Poster" : "Card")}
            <Badge tone={state === "works" ? "success" : "neutral"}>{state}</Badge>
          </h2>
          <p className="text-sm text-muted-foreground">
            {token.kind === "poster" ? "For everybody" : "For one guest"} · used {token.use_count} times ·
            until {dateTime(token.expires_at, locale ?? "en")}
          </p>
        </div>
        {state === "works" && <Actions projectId={projectId} token={token} />}
      </div>
    </li>
  );
}

function stateOf(token: QrToken): "works" | "revoked" | "used" | "expired" {
  if (token.revoked_at) return "revoked";
  if (token.used_at && token.kind === "card") return "used";
  return Date.parse(token.expires_at) < Date.now() ? "expired" : "works";
}

function Actions({ projectId, token }: { projectId: string; token: QrToken }) {
  const { backoffice } = useServices();
  const path = { project_id: projectId, qr_token_id: token.id };
  const revocation = useChange({
    run: () =>
      answer(backoffice.DELETE("/v1/projects/{project_id}/qr-tokens/{qr_token_id}", { params: { path } })),
    changes: [projectKeys.part(projectId, "qr-tokens")],
    done: "The code no longer works",
  });
  async function print() {
    try {
      const options = { params: { path }, parseAs: "blob" as const };
      const poster = await answer(
        backoffice.GET("/v1/projects/{project_id}/qr-tokens/{qr_token_id}/poster.pdf", options),
      );
      const url = URL.createObjectURL(poster as Blob);
      if (!window.open(url, "_blank")) saveAs(poster as Blob, "poster.pdf");
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (error) {
      toast.error(problemText(error));
    }
  }
  async function copy() {
    await navigator.clipboard.writeText(token.join_url);
    toast.success("The link is copied");
  }
  return (
    <div className="flex flex-wrap gap-2">
      <Button look="secondary" onClick={() => void print()}>
        <Printer aria-hidden /> Poster
      </Button>
      <Button look="secondary" onClick={() => void copy()}>
        <Copy aria-hidden /> Copy link
      </Button>
      <Confirm
        trigger={
          <Button look="ghost" isBusy={revocation.isPending}>
            Revoke
          </Button>
        }
        title="Revoke this code?"
        description="Nobody can join with it any more. Those who have joined stay."
        confirmLabel="Revoke"
        cancelLabel="Keep it"
        onConfirm={() => revocation.mutate()}
      />
    </div>
  );
}
