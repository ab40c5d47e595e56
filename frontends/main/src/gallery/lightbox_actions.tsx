import { cn } from "@acme/ui/lib/cn";
import { toast } from "@acme/ui/toaster";
import {
  Download,
  EyeOff,
  Heart,
  LoaderCircle,
  type LucideIcon,
  ScanFace,
  ShoppingBag,
  UserX,
} from "lucide-react";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { problemText } from "@/shell/problem_text";
import type { Photo } from "./api";
import { useDownload } from "./queries";

export interface LightboxActionsProps {
  photo: Photo;
  projectId: string;
  position: string;
  /** Whether the guest's own face is pointed out; null where it is not known. */
  face: boolean | null;
  onFace: () => void;
  onFavourite: () => void;
  onNotMe: () => void;
  onHide: () => void;
}

export function LightboxActions(props: LightboxActionsProps) {
  const { photo, projectId, position, face, onFace, onFavourite, onNotMe, onHide } = props;
  const { t } = useTranslation();
  const download = useDownload();
  const fail = (error: Error) => toast.error(problemText(error, t));
  return (
    <>
      <p className="absolute top-0 left-0 px-4 py-4 text-sm text-white/80 tabular-nums">{position}</p>
      <div className="absolute inset-x-0 bottom-0 flex justify-center pb-[env(safe-area-inset-bottom)] sm:gap-2">
        <Action
          icon={Heart}
          isOn={photo.is_favourite ?? false}
          aria-pressed={photo.is_favourite ?? false}
          onClick={onFavourite}
        >
          {t("gallery.lightbox.favourite")}
        </Action>
        {face !== null && (
          <Action icon={ScanFace} aria-pressed={face} className={cn(face && "bg-white/15")} onClick={onFace}>
            {t("gallery.lightbox.face")}
          </Action>
        )}
        <Action icon={UserX} aria-haspopup="dialog" onClick={onNotMe}>
          {t("gallery.lightbox.not_me")}
        </Action>
        <Action icon={EyeOff} aria-haspopup="dialog" onClick={onHide}>
          {t("gallery.lightbox.hide")}
        </Action>
        {photo.unlocked ? (
          <Action
            icon={download.isPending ? LoaderCircle : Download}
            // Not `disabled`: that would drop the focus, and with it the viewer's keys.
            aria-disabled={download.isPending}
            onClick={() => download.isPending || download.mutate(photo.id, { onError: fail })}
          >
            {t("gallery.lightbox.download")}
          </Action>
        ) : (
          <Link to={`/projects/${projectId}/buy`} className={ACTION}>
            <ShoppingBag className="size-5" aria-hidden />
            {t("gallery.lightbox.buy")}
          </Link>
        )}
      </div>
    </>
  );
}

const ACTION =
  "flex min-h-14 min-w-0 flex-1 flex-col items-center justify-center gap-1 rounded-md px-0.5 text-[0.6875rem] text-white sm:min-w-20 sm:flex-none sm:px-3 sm:text-xs hover:bg-white/10 aria-disabled:opacity-60 focus-visible:outline-white -outline-offset-2";

interface ActionProps extends ComponentProps<"button"> {
  icon: LucideIcon;
  isOn?: boolean;
}

function Action({ icon: Icon, isOn, children, className, ...rest }: ActionProps) {
  return (
    <button type="button" className={cn(ACTION, className)} {...rest}>
      <Icon className={cn("size-5", isOn && "fill-current text-rose-400")} aria-hidden />
      {children}
    </button>
  );
}
