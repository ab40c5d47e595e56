import { Button } from "@acme/ui/button";
import { Field } from "@acme/ui/field";
import { Input, Select } from "@acme/ui/input";
import { useRef } from "react";
import { useAccount, useServices } from "@/services";
import { useChange } from "@/shell/use_change";
import type { Design } from "./design";
import { LOGO_ACCEPT, uploadLogo } from "./queries";

interface MarkFieldsProps {
  design: Design;
  onChange: (part: Partial<Design>) => void;
}

/** What is drawn: a text or a logo. */
export function MarkFields({ design, onChange }: MarkFieldsProps) {
  const { name } = useAccount();
  return (
    <div className="grid gap-4">
      <Field label="Mark">
        <Select
          value={design.kind}
          onChange={({ target }) => onChange({ kind: target.value === "logo" ? "logo" : "text" })}
        >
          <option value="text">A text</option>
          <option value="logo">A logo</option>
        </Select>
      </Field>
      {design.kind === "text" ? (
        <Field label="Text" hint="Left empty, it is your name.">
          <Input
            value={design.text}
            maxLength={80}
            placeholder={name}
            onChange={({ target }) => onChange({ text: target.value })}
          />
        </Field>
      ) : (
        <Logo design={design} onChange={onChange} />
      )}
    </div>
  );
}

function Logo({ design, onChange }: MarkFieldsProps) {
  const services = useServices();
  const input = useRef<HTMLInputElement>(null);
  const upload = useChange({
    run: async (file: File) => {
      const { logo_id, url } = await uploadLogo(services, file);
      onChange({ logo_id, logo_url: url });
    },
    changes: [],
  });
  return (
    <div className="flex flex-wrap items-center gap-4">
      {design.logo_url && (
        <img
          src={design.logo_url}
          alt="The logo"
          className="h-16 max-w-40 rounded bg-neutral-500 object-contain p-1"
        />
      )}
      <div className="grid gap-1.5">
        <Button
          look="secondary"
          className="justify-self-start"
          isBusy={upload.isPending}
          onClick={() => input.current?.click()}
        >
          {design.logo_id ? "Choose another logo" : "Choose a logo"}
        </Button>
        <p className="text-sm text-muted-foreground">
          PNG or SVG, up to 1 MB. An SVG’s texts must be paths, and it may not refer to other files.
        </p>
      </div>
      <input
        ref={input}
        type="file"
        accept={LOGO_ACCEPT}
        aria-label="Logo"
        className="hidden"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) upload.mutate(file);
          target.value = "";
        }}
      />
    </div>
  );
}
