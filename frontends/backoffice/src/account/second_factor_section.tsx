import { answer, type Schemas } from "@acme/api/backoffice";
import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { Card, CardHeader } from "@acme/ui/card";
import { Confirm } from "@acme/ui/confirm";
import { Field } from "@acme/ui/field";
import { Input } from "@acme/ui/input";
import { Notice } from "@acme/ui/states";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useAccount, useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { useChange } from "@/shell/use_change";
import { RecoveryCodes } from "./recovery_codes";

type Setup = Schemas["TotpSetup"];

export function SecondFactorSection() {
  const account = useAccount();
  const [codes, setCodes] = useState<string[] | null>(null);
  return (
    <Card>
      <CardHeader
        title="Second factor"
        description="A code of an authenticator app, beside the password."
        actions={
          <Badge tone={account.is_totp_enabled ? "success" : "neutral"}>
            {account.is_totp_enabled ? "On" : "Off"}
          </Badge>
        }
      />
      {codes && <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />}
      {!codes &&
        (account.is_totp_enabled ? <Enabled onCodes={setCodes} /> : <Enrolment onCodes={setCodes} />)}
    </Card>
  );
}

function Enrolment({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const { backoffice } = useServices();
  const setup = useMutation({ mutationFn: () => answer(backoffice.POST("/v1/me/totp")) });
  if (setup.data) return <Confirmation setup={setup.data} onCodes={onCodes} />;
  return (
    <div className="grid gap-3">
      {setup.isError && (
        <Notice tone="danger" role="alert">
          {problemText(setup.error)}
        </Notice>
      )}
      <Button className="justify-self-start" isBusy={setup.isPending} onClick={() => setup.mutate()}>
        Set up
      </Button>
    </div>
  );
}

function Confirmation({ setup, onCodes }: { setup: Setup; onCodes: (codes: string[]) => void }) {
  const { backoffice, session } = useServices();
  const account = useAccount();
  const [code, setCode] = useState("");
  const confirmation = useMutation({
    mutationFn: () => answer(backoffice.POST("/v1/me/totp/confirm", { body: { code: code.trim() } })),
    onSuccess: ({ recovery_codes }) => {
      onCodes(recovery_codes);
      session.update({ ...account, is_totp_enabled: true });
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    confirmation.mutate();
  }
  return (
    <form className="grid gap-4" onSubmit={submit}>
      <p className="text-sm">Scan this with your authenticator app, then enter the code that it shows.</p>
      <img
        src={`data:image/svg+xml,${encodeURIComponent(setup.qr_svg)}`}
        alt="QR code for the authenticator app"
        className="size-44 rounded-md bg-white p-2"
      />
      <p className="text-sm text-muted-foreground">
        Or enter this key: <code className="break-all">{setup.secret}</code>
      </p>
      <Field label="Code" error={confirmation.isError ? problemText(confirmation.error) : undefined}>
        <Input
          inputMode="numeric"
          autoComplete="one-time-code"
          className="max-w-40"
          value={code}
          onChange={({ target }) => setCode(target.value)}
        />
      </Field>
      <Button
        type="submit"
        className="justify-self-start"
        isBusy={confirmation.isPending}
        disabled={!code.trim()}
      >
        Turn on
      </Button>
    </form>
  );
}

function Enabled({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const { backoffice, session } = useServices();
  const account = useAccount();
  const renewal = useChange({
    run: async () => onCodes((await answer(backoffice.POST("/v1/me/totp/recovery-codes"))).recovery_codes),
    changes: [],
  });
  const removal = useChange({
    run: async () => {
      await answer(backoffice.DELETE("/v1/me/totp"));
      session.update({ ...account, is_totp_enabled: false });
    },
    changes: [],
    done: "The second factor is off",
  });
  return (
    <div className="flex flex-wrap gap-2">
      <Confirm
        trigger={
          <Button look="secondary" isBusy={renewal.isPending}>
            New recovery codes
          </Button>
        }
        title="Make new recovery codes?"
        description="The old ones stop working."
        confirmLabel="Make new ones"
        cancelLabel="Cancel"
        onConfirm={() => renewal.mutate()}
      />
      {account.role !== "superadmin" && (
        <Confirm
          trigger={
            <Button look="ghost" isBusy={removal.isPending}>
              Turn off
            </Button>
          }
          title="Turn the second factor off?"
          description="The password alone opens the account then."
          confirmLabel="Turn off"
          cancelLabel="Keep it"
          onConfirm={() => removal.mutate()}
        />
      )}
    </div>
  );
}
