import { answer } from "@acme/api/main";
import { Button } from "@acme/ui/button";
import { Card, CardHeader } from "@acme/ui/card";
import { Dialog, DialogContent, DialogFooter, DialogTrigger } from "@acme/ui/dialog";
import { Field } from "@acme/ui/field";
import { Input } from "@acme/ui/input";
import { saveAs } from "@acme/ui/lib/save_as";
import { Notice } from "@acme/ui/states";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { toast } from "sonner";
import { useAccount, useServices } from "../services";
import { problemText } from "../shell/problem_text";

export function DataSection() {
  const { t } = useTranslation();
  return (
    <Card>
      <CardHeader title={t("account.data.title")} description={t("account.data.description")} />
      <div className="flex flex-wrap gap-2">
        <Export />
        <Deletion />
      </div>
    </Card>
  );
}

function Export() {
  const { t } = useTranslation();
  const { main } = useServices();
  const fetchExport = useMutation({
    mutationFn: () => answer(main.GET("/v1/me/export", { parseAs: "blob" })),
    onSuccess: (zip) => saveAs(zip as Blob, "acme-photos-export.zip"),
    onError: (error) => toast.error(problemText(error, t)),
  });
  return (
    <Button look="secondary" isBusy={fetchExport.isPending} onClick={() => fetchExport.mutate()}>
      <Download aria-hidden /> {t("account.data.export")}
    </Button>
  );
}

/** Typing the address is what makes it no slip of the finger. */
function Deletion() {
  const { t } = useTranslation();
  const { email } = useAccount();
  const [typed, setTyped] = useState("");
  const deletion = useDeletion();
  return (
    <Dialog onOpenChange={() => setTyped("")}>
      <DialogTrigger asChild>
        <Button look="danger">{t("account.data.delete")}</Button>
      </DialogTrigger>
      <DialogContent
        title={t("account.data.delete_title")}
        description={t("account.data.delete_text")}
        closeLabel={t("actions.close")}
      >
        {deletion.isError && (
          <Notice tone="danger" role="alert">
            {problemText(deletion.error, t)}
          </Notice>
        )}
        <Field label={t("account.data.type_email", { email })}>
          <Input
            type="email"
            autoComplete="off"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        </Field>
        <DialogFooter>
          <Button
            look="danger"
            disabled={typed.trim().toLowerCase() !== email.toLowerCase()}
            isBusy={deletion.isPending}
            onClick={() => deletion.mutate()}
          >
            {t("account.data.delete_now")}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

function useDeletion() {
  const { main, session } = useServices();
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answer(main.DELETE("/v1/me")),
    onSuccess: async (receipt) => {
      await navigate(`/goodbye?receipt=${receipt.receipt_id}`, { replace: true });
      await session.close();
      queries.clear();
    },
  });
}
