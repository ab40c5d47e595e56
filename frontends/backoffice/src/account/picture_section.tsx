import { answer } from "@acme/api/backoffice";
import { Unreachable } from "@acme/api/problem";
import { Avatar } from "@acme/ui/avatar";
import { Button } from "@acme/ui/button";
import { Card, CardHeader } from "@acme/ui/card";
import { useRef } from "react";
import { type Services, useAccount, useServices } from "@/services";
import { useChange } from "@/shell/use_change";

const TYPES = ["image/jpeg", "image/png", "image/webp"] as const;

export function PictureSection() {
  const services = useServices();
  const account = useAccount();
  const input = useRef<HTMLInputElement>(null);
  const upload = useChange({
    run: async (file: File) => services.session.update(await send(services, file)),
    changes: [],
    done: "The picture is changed",
  });
  const removal = useChange({
    run: async () =>
      services.session.update(await answer(services.backoffice.DELETE("/v1/me/profile-picture"))),
    changes: [],
  });
  return (
    <Card>
      <CardHeader title="Picture" description="Guests see it when they scan your codes." />
      <div className="flex flex-wrap items-center gap-4">
        <Avatar name={account.name} src={account.profile_picture_url ?? null} />
        <Button look="secondary" isBusy={upload.isPending} onClick={() => input.current?.click()}>
          Choose a picture
        </Button>
        <input
          ref={input}
          type="file"
          accept={TYPES.join(",")}
          aria-label="Picture"
          className="hidden"
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (file) upload.mutate(file);
            target.value = "";
          }}
        />
        {account.profile_picture_url && (
          <Button look="ghost" isBusy={removal.isPending} onClick={() => removal.mutate()}>
            Remove
          </Button>
        )}
      </div>
    </Card>
  );
}

async function send({ backoffice }: Services, file: File) {
  const content_type = TYPES.find((type) => type === file.type);
  if (!content_type) throw new Error("Choose a JPEG, PNG or WebP picture");
  const body = { content_type, size_bytes: file.size };
  const issued = await answer(backoffice.POST("/v1/me/profile-picture/upload-url", { body }));
  const headers = Object.entries(issued.headers).filter(([name]) => name.toLowerCase() !== "content-length");
  const put = await fetch(issued.url, { method: "PUT", headers: Object.fromEntries(headers), body: file });
  if (!put.ok) throw new Unreachable(`The object store answers ${put.status}`);
  const completed = { upload_id: issued.upload_id };
  return answer(backoffice.POST("/v1/me/profile-picture/complete", { body: completed }));
}
