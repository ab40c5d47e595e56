import { Button } from "@acme/ui/button";
import { Progress } from "@acme/ui/progress";
import { Notice } from "@acme/ui/states";
import { ImageUp } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/shell/problem_text";
import { Camera } from "./camera";
import { useSendSelfie } from "./queries";

const TYPES = "image/jpeg,image/png,image/webp";

/** Take or choose a picture, look at it, send it. Nothing leaves before "use". */
export function Capture({ onSent }: { onSent?: () => void }) {
  const { t } = useTranslation();
  const [picture, setPicture] = useState<Blob | null>(null);
  if (picture)
    return <Preview picture={picture} onAgain={() => setPicture(null)} {...(onSent && { onSent })} />;
  return (
    <div className="grid gap-4">
      <Camera onPicture={setPicture} />
      <label className="mx-auto flex min-h-11 w-full max-w-sm cursor-pointer items-center justify-center gap-2 rounded-md border border-input bg-surface px-4 text-sm font-medium focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-ring hover:bg-muted">
        <ImageUp className="size-4" aria-hidden /> {t("selfie.choose_file")}
        <input
          type="file"
          accept={TYPES}
          className="sr-only"
          onChange={({ target }) => setPicture(target.files?.[0] ?? null)}
        />
      </label>
    </div>
  );
}

interface PreviewProps {
  picture: Blob;
  onAgain: () => void;
  onSent?: () => void;
}

function Preview({ picture, onAgain, onSent }: PreviewProps) {
  const { t } = useTranslation();
  const url = useObjectUrl(picture);
  const [sent, setSent] = useState(0);
  const sending = useSendSelfie();
  return (
    <div className="mx-auto grid w-full max-w-sm gap-4">
      {url && (
        <img
          src={url}
          alt={t("selfie.preview")}
          className="aspect-[3/4] w-full rounded-lg bg-muted object-cover"
        />
      )}
      {sending.isError && (
        <Notice tone="danger" role="alert">
          {problemText(sending.error, t)}
        </Notice>
      )}
      {sending.isPending ? (
        <div className="grid gap-2" role="status">
          <Progress value={sent} label={t("selfie.sending")} />
          <p className="text-center text-sm">{t("selfie.sending")}</p>
        </div>
      ) : (
        <div className="grid gap-2">
          <Button
            size="lg"
            onClick={() => sending.mutate({ picture, onProgress: setSent }, onSent && { onSuccess: onSent })}
          >
            {t("selfie.use")}
          </Button>
          <Button look="secondary" size="lg" onClick={onAgain}>
            {t("selfie.retake")}
          </Button>
        </div>
      )}
    </div>
  );
}

function useObjectUrl(content: Blob): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(content);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [content]);
  return url;
}
