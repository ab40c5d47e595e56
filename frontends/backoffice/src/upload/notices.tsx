import { Button } from "@acme/ui/button";
import { Notice } from "@acme/ui/states";
import { FolderClock } from "lucide-react";
import type { ProjectUpload } from "./project_upload";

const NUMBER = new Intl.NumberFormat("en");
const LIST = new Intl.ListFormat("en");
const MOST_NAMES = 3;

/** Offered after a reload in the middle of an upload. */
export function Resume({ upload }: { upload: ProjectUpload }) {
  const { resumable, queue } = upload;
  if (resumable.length === 0 || queue.items.length > 0) return null;
  const names = resumable.slice(0, MOST_NAMES).map((handle) => `“${handle.name}”`);
  if (resumable.length > MOST_NAMES) names.push(`${resumable.length - MOST_NAMES} more`);
  return (
    <Notice tone="accent" className="flex flex-wrap items-center gap-x-4 gap-y-3">
      <FolderClock className="size-5 shrink-0" aria-hidden />
      <p className="min-w-48 flex-1">
        An upload was not finished: {LIST.format(names)}. Only what is missing is sent.
      </p>
      <div className="flex gap-2">
        <Button look="ghost" onClick={() => void upload.forgetRemembered()}>
          Forget it
        </Button>
        <Button onClick={() => void upload.resumeRemembered()}>Continue the upload</Button>
      </div>
    </Notice>
  );
}

export function LeftOut({ upload }: { upload: ProjectUpload }) {
  const count = [...upload.leftOut.values()].reduce((sum, each) => sum + each, 0);
  if (count === 0) return null;
  const kinds = [...upload.leftOut].map(
    ([extension, files]) => `${NUMBER.format(files)} ${extension ? `.${extension}` : "without an extension"}`,
  );
  return (
    <Notice role="status">
      {count === 1 ? "1 file was" : `${NUMBER.format(count)} files were`} left out ({LIST.format(kinds)}):
      only JPEG, PNG, WebP, TIFF, AVIF, HEIC and raw files are taken.
    </Notice>
  );
}

export function Problem({ upload }: { upload: ProjectUpload }) {
  if (upload.problem === null) return null;
  return (
    <Notice tone="danger" role="alert">
      {upload.problem}
    </Notice>
  );
}
