import { hasCode } from "@acme/api/problem";
import { Button } from "@acme/ui/button";
import { Notice } from "@acme/ui/states";
import { useQuery } from "@tanstack/react-query";
import { ScanFace } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { selfieQuery } from "@/selfie/queries";
import { useServices } from "@/services";
import type { Project } from "./api";

/** Who has no selfie finds nothing: the way to one. Takes no room for all others. */
export function FindMe({ project }: { project: Project }) {
  const { t } = useTranslation();
  const selfie = useQuery(selfieQuery(useServices()));
  const next = `/selfie?next=${encodeURIComponent(`/projects/${project.id}`)}`;
  if (hasCode(selfie.error, "selfie_not_found", "consent_required")) {
    return (
      <section className="mb-6 grid justify-items-center gap-3 rounded-lg bg-accent px-6 py-10 text-center text-accent-foreground">
        <ScanFace className="size-10" aria-hidden />
        <h2 className="text-lg font-semibold text-balance">{t("gallery.find_me.title")}</h2>
        <p className="max-w-prose text-sm">{t("gallery.find_me.text", { count: project.photo_count })}</p>
        <Button asChild size="lg">
          <Link to={next}>{t("gallery.find_me.action")}</Link>
        </Button>
      </section>
    );
  }
  if (selfie.data?.status === "approved" || !selfie.data) return null;
  const isRejected = selfie.data.status === "rejected";
  return (
    <Notice tone={isRejected ? "danger" : "accent"} className="mb-6">
      {t(isRejected ? "gallery.find_me.rejected" : "gallery.find_me.pending")}{" "}
      <Link to={next} className="inline-block py-2 font-medium underline">
        {t(isRejected ? "gallery.find_me.again" : "gallery.find_me.look")}
      </Link>
    </Notice>
  );
}
