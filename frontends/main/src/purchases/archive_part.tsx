import { Button } from "@acme/ui/button";
import { bytes } from "@acme/ui/lib/format";
import { Progress } from "@acme/ui/progress";
import { Notice } from "@acme/ui/states";
import { useQuery } from "@tanstack/react-query";
import { FileArchive } from "lucide-react";
import { useTranslation } from "react-i18next";
import { startDownload } from "@/gallery/download";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { type Archive, archiveQuery, type PurchaseDetail, useBuildArchive } from "./queries";

/** All unlocked photos as one file, packed by a job. */
export function ArchivePart({ purchase }: { purchase: PurchaseDetail }) {
  const { t } = useTranslation();
  const archive = useQuery(archiveQuery(useServices(), purchase));
  const build = useBuildArchive(purchase);
  if (purchase.unlocked_count === 0) return null;
  return (
    <section className="grid gap-3 rounded-lg border bg-surface p-5">
      <h2 className="font-semibold">{t("purchases.zip.title")}</h2>
      <p className="text-sm text-muted-foreground">
        {t("purchases.zip.hint", { count: purchase.unlocked_count })}
      </p>
      {build.isError && (
        <Notice tone="danger" role="alert">
          {problemText(build.error, t)}
        </Notice>
      )}
      <div role="status" className="grid gap-3">
        {archive.data?.state === "building" && <Packing archive={archive.data} />}
        {archive.data?.state === "failed" && <Notice tone="danger">{t("purchases.zip.failed")}</Notice>}
        {archive.data?.state === "ready" && <Ready archive={archive.data} />}
      </div>
      {archive.data?.state !== "building" && (
        <Button
          look="secondary"
          className="justify-self-start"
          isBusy={build.isPending}
          onClick={() => build.mutate()}
        >
          <FileArchive aria-hidden /> {t(archive.data ? "purchases.zip.again" : "purchases.zip.pack")}
        </Button>
      )}
    </section>
  );
}

function Packing({ archive }: { archive: Archive }) {
  const { t } = useTranslation();
  const share = archive.photo_count > 0 ? archive.done_count / archive.photo_count : null;
  return (
    <>
      <Progress value={share} label={t("purchases.zip.packing")} />
      <p className="text-sm">
        {t("purchases.zip.progress", { done: archive.done_count, total: archive.photo_count })}
      </p>
    </>
  );
}

function Ready({ archive }: { archive: Archive }) {
  const { t, i18n } = useTranslation();
  const { url, filename } = archive;
  if (!url || !filename) return null;
  return (
    <Button className="justify-self-start" onClick={() => startDownload(url, filename)}>
      {t("purchases.zip.download", { size: bytes(archive.size_bytes ?? 0, i18n.language) })}
    </Button>
  );
}
