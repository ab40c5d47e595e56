import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { bytes } from "@acme/ui/lib/format";
import { Photo } from "@acme/ui/photo";
import { Progress } from "@acme/ui/progress";
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, ImageIcon, RefreshCw } from "lucide-react";
import { memo, type ReactNode } from "react";
import { useServices } from "@/services";
import { failureText } from "./failure_text";
import { useRetryPhoto } from "./mutations";
import type { ProjectUpload } from "./project_upload";
import { photo } from "./queries";
import type { UploadItem, UploadState } from "./upload_item";

export const ROW_HEIGHT = 68;

const WORDS: Record<UploadState, string> = {
  waiting: "Waiting",
  hashing: "Checking",
  hashed: "Checked",
  announced: "Next",
  sending: "Sending",
  completing: "Finishing",
  done: "Uploaded",
  duplicate: "Already there",
  failed: "Failed",
};

interface UploadRowProps {
  projectId: string;
  item: UploadItem;
  upload: ProjectUpload;
}

export const UploadRow = memo(function UploadRow({ projectId, item, upload }: UploadRowProps) {
  const isThere = item.state === "done" || item.state === "duplicate";
  if (isThere && item.photoId !== null)
    return <ArrivedRow projectId={projectId} item={item} photoId={item.photoId} />;
  const retry =
    item.state === "failed" && item.failure?.canRetry ? () => upload.queue.retry(item.id) : undefined;
  return (
    <Row
      item={item}
      picture={
        item.state === "failed" ? (
          <CircleAlert className="size-5 text-danger" aria-hidden />
        ) : (
          <ImageIcon className="size-5 text-muted-foreground" aria-hidden />
        )
      }
      note={note(item)}
      state={
        <Badge tone={item.state === "failed" ? "danger" : item.state === "sending" ? "accent" : "neutral"}>
          {WORDS[item.state]}
        </Badge>
      }
      onRetry={retry}
    />
  );
});

/** The file is there: what becomes of the photo is the server's to tell, live. */
function ArrivedRow({ projectId, item, photoId }: { projectId: string; item: UploadItem; photoId: string }) {
  const { data } = useQuery(photo(useServices(), projectId, photoId));
  const retry = useRetryPhoto(projectId);
  const isFailed = data?.status === "failed";
  const said = item.state === "duplicate" ? "The project has this file already" : bytes(item.file.size, "en");
  return (
    <Row
      item={item}
      picture={
        data?.thumbnail_url ? (
          <Photo alt="" src={data.thumbnail_url} thumbhash={data.thumbhash} />
        ) : (
          <ImageIcon className="size-5 text-muted-foreground" aria-hidden />
        )
      }
      note={isFailed ? failureText({ code: data.failure_code ?? "" }) : said}
      isBad={isFailed}
      state={<ArrivedState status={data?.status} isDuplicate={item.state === "duplicate"} />}
      onRetry={isFailed ? () => retry.mutate(photoId) : undefined}
    />
  );
}

function ArrivedState({ status, isDuplicate }: { status: string | undefined; isDuplicate: boolean }) {
  if (status === "failed") return <Badge tone="danger">Failed</Badge>;
  if (isDuplicate) return <Badge>Already there</Badge>;
  if (status === "ready") return <Badge tone="success">Ready</Badge>;
  return <Badge tone="accent">{status === "processing" ? "Being prepared" : "Uploaded"}</Badge>;
}

interface RowProps {
  item: UploadItem;
  picture: ReactNode;
  note: string;
  state: ReactNode;
  isBad?: boolean;
  onRetry?: (() => void) | undefined;
}

function Row({ item, picture, note, state, isBad, onRetry }: RowProps) {
  const { path, file, progress } = item;
  const isMoving = item.state === "sending" || item.state === "hashing";
  return (
    <div className="flex h-full items-center gap-3 px-3 sm:px-4">
      <div className="grid size-11 shrink-0 place-items-center overflow-hidden rounded-sm bg-muted">
        {picture}
      </div>
      <div className="grid min-w-0 flex-1 gap-0.5">
        <p className="truncate text-sm font-medium" title={path}>
          {file.name}
        </p>
        {isMoving ? (
          <Progress value={progress / Math.max(file.size, 1)} label={path} className="my-1.5 h-1.5" />
        ) : (
          <p
            className={`text-xs ${isBad || item.state === "failed" ? "line-clamp-2 text-danger" : "truncate text-muted-foreground"}`}
            title={note}
          >
            {note}
          </p>
        )}
      </div>
      {state}
      {onRetry && (
        <Button look="secondary" size="icon" onClick={onRetry} aria-label={`Try ${file.name} again`}>
          <RefreshCw aria-hidden />
        </Button>
      )}
    </div>
  );
}

function note({ failure, state, path, file }: UploadItem): string {
  if (failure) return failureText(failure);
  if (state === "duplicate") return "The same as another of these files";
  const folder = path.slice(0, -file.name.length - 1);
  return folder ? `${bytes(file.size, "en")} · ${folder}` : bytes(file.size, "en");
}
