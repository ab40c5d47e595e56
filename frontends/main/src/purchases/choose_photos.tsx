import { Button } from "@acme/ui/button";
import { cn } from "@acme/ui/lib/cn";
import { Empty, Failure, Notice, Skeleton } from "@acme/ui/states";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Check, Images } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { toast } from "sonner";
import type { Photo } from "@/gallery/api";
import { photosQuery } from "@/gallery/queries";
import { Thumbnail } from "@/gallery/thumbnail";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { type PurchaseDetail, useUnlock } from "./queries";

/** Which photos the package is used for. One that holds all of them has nothing to choose. */
export function ChoosePhotos({ purchase }: { purchase: PurchaseDetail }) {
  const { t } = useTranslation();
  if (purchase.remaining === null) {
    return <Done title={t("purchases.choose.everything")} projectId={purchase.project_id} />;
  }
  if (purchase.remaining === 0) {
    return (
      <Done
        title={t("purchases.choose.all_used", { count: purchase.photo_count })}
        projectId={purchase.project_id}
      />
    );
  }
  return <Chooser purchase={purchase} remaining={purchase.remaining} />;
}

function Done({ title, projectId }: { title: string; projectId: string }) {
  const { t } = useTranslation();
  return (
    <Notice tone="accent" className="flex flex-wrap items-center justify-between gap-3">
      <span>{title}</span>
      <Button asChild look="secondary">
        <Link to={`/projects/${projectId}?show=unlocked`}>{t("purchases.choose.look")}</Link>
      </Button>
    </Notice>
  );
}

function Chooser({ purchase, remaining }: { purchase: PurchaseDetail; remaining: number }) {
  const { t } = useTranslation();
  const photos = useInfiniteQuery(photosQuery(useServices(), purchase.project_id, "all"));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const unlock = useUnlock(purchase);
  const locked = photos.data?.pages.flatMap((page) => page.items).filter((photo) => !photo.unlocked);
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id) && chosen.size < remaining) next.add(id);
    setChosen(next);
  };
  if (photos.isPending) return <Skeleton className="h-64" />;
  if (!locked) {
    return (
      <Failure
        title={t("problems.title")}
        retryLabel={t("actions.retry")}
        onRetry={() => void photos.refetch()}
      >
        {problemText(photos.error, t)}
      </Failure>
    );
  }
  return (
    <section className="grid gap-4">
      <div className="grid gap-1">
        <h2 className="font-semibold">{t("purchases.choose.title", { count: remaining })}</h2>
        <p className="text-sm text-muted-foreground">{t("purchases.choose.hint")}</p>
      </div>
      {locked.length === 0 && (
        <Empty icon={Images} title={t("purchases.choose.none")}>
          {t("purchases.choose.none_hint")}
        </Empty>
      )}
      <ul className="grid grid-cols-3 gap-1.5 sm:grid-cols-5 sm:gap-2">
        {locked.map((photo, index) => (
          <li key={photo.id}>
            <Choice
              photo={photo}
              number={index + 1}
              isChosen={chosen.has(photo.id)}
              isFull={chosen.size >= remaining}
              onToggle={() => toggle(photo.id)}
            />
          </li>
        ))}
      </ul>
      {photos.hasNextPage && (
        <Button
          look="secondary"
          isBusy={photos.isFetchingNextPage}
          onClick={() => void photos.fetchNextPage()}
        >
          {t("purchases.more")}
        </Button>
      )}
      <div className="sticky bottom-[var(--bottom-bar,0px)] flex items-center justify-between gap-3 border-t bg-background py-3">
        <p role="status" className="text-sm tabular-nums">
          {t("purchases.choose.count", { chosen: chosen.size, count: remaining })}
        </p>
        <Button
          disabled={chosen.size === 0}
          isBusy={unlock.isPending}
          onClick={() =>
            unlock.mutate([...chosen], {
              onSuccess: () => toast.success(t("purchases.choose.done")),
              onError: (error) => toast.error(problemText(error, t)),
              onSettled: () => setChosen(new Set()),
            })
          }
        >
          {t("purchases.choose.unlock")}
        </Button>
      </div>
    </section>
  );
}

interface ChoiceProps {
  photo: Photo;
  number: number;
  isChosen: boolean;
  isFull: boolean;
  onToggle: () => void;
}

function Choice({ photo, number, isChosen, isFull, onToggle }: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      aria-label={t("purchases.choose.photo", { number })}
      disabled={isFull && !isChosen}
      onClick={onToggle}
      className={cn(
        "relative block aspect-square w-full overflow-hidden rounded-md disabled:opacity-40",
        isChosen && "ring-3 ring-primary ring-offset-2 ring-offset-background",
      )}
    >
      <Thumbnail photo={photo} frame={1} />
      {isChosen && (
        <span className="absolute top-1.5 right-1.5 grid size-6 place-items-center rounded-full bg-primary text-primary-foreground">
          <Check className="size-4" aria-hidden />
        </span>
      )}
    </button>
  );
}
