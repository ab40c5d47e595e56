import { BackLink } from "@acme/ui/back_link";
import { Button } from "@acme/ui/button";
import { PageHeader } from "@acme/ui/card";
import { Progress } from "@acme/ui/progress";
import { ShoppingBag } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Project } from "./api";
import { EventFacts } from "./event_facts";

export function GalleryHeader({ project }: { project: Project }) {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader
        above={
          <BackLink>
            <Link to="/?all">{t("gallery.all_events")}</Link>
          </BackLink>
        }
        title={project.name}
        description={<EventFacts project={project} />}
        actions={
          project.my_photo_count > 0 && (
            <Button asChild>
              <Link to={`/projects/${project.id}/buy`}>
                <ShoppingBag aria-hidden /> {t("gallery.buy")}
              </Link>
            </Button>
          )
        }
      />
      <Matching project={project} />
    </>
  );
}

/** For who joined when the photos were there already. */
function Matching({ project }: { project: Project }) {
  const { t } = useTranslation();
  const { state, done, total } = project.matching;
  if (state !== "running" || total === 0) return null;
  const text = t("gallery.matching", { done, total });
  return (
    <div className="mb-6 grid gap-2 rounded-lg border bg-surface p-4">
      <p className="text-sm">{text}</p>
      <Progress value={done / total} label={text} />
      <p className="text-sm text-muted-foreground">{t("gallery.matching_hint")}</p>
    </div>
  );
}
