import { Button } from "@acme/ui/button";
import { cn } from "@acme/ui/lib/cn";
import { FolderUp, Images, ImageUp, LoaderCircle } from "lucide-react";
import { type ChangeEvent, useEffect, useRef, useState } from "react";
import { ACCEPT } from "./accepted";
import { dropped, picked } from "./folders";
import type { ProjectUpload } from "./project_upload";

/** The whole window takes what is dropped; the zone says so, and has the pickers. */
export function DropZone({ upload, isSmall }: { upload: ProjectUpload; isSmall: boolean }) {
  const isOver = useWindowDrop(upload);
  return (
    <section
      aria-label="Add photos"
      className={cn(
        "grid justify-items-center gap-4 rounded-lg border-2 border-dashed border-input bg-surface px-6 text-center transition-colors",
        isSmall ? "py-5 sm:flex sm:justify-between sm:text-left" : "py-14",
        isOver && "border-primary bg-accent text-accent-foreground",
      )}
    >
      <div className={cn("grid justify-items-center gap-2", isSmall && "sm:justify-items-start sm:gap-0.5")}>
        {!isSmall && <ImageUp className="size-10 text-muted-foreground" aria-hidden />}
        <p className="font-medium">
          {isOver ? "Let go to add them" : isSmall ? "Add more photos" : "Drop photos or whole folders here"}
        </p>
        <p className={cn("text-sm", isOver ? "text-accent-foreground" : "text-muted-foreground")}>
          JPEG, PNG, WebP, TIFF, AVIF, HEIC or raw, up to 100 MB each. What the project has already is not
          sent again.
        </p>
      </div>
      <div className="flex flex-wrap items-center justify-center gap-2">
        {upload.reading > 0 && (
          <span role="status" className="flex items-center gap-2 text-sm text-muted-foreground">
            <LoaderCircle className="size-4 animate-spin" aria-hidden /> Reading the folder
          </span>
        )}
        <Picker upload={upload} />
      </div>
    </section>
  );
}

function Picker({ upload }: { upload: ProjectUpload }) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const add = (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.currentTarget;
    if (input.files) void upload.add(picked(input.files));
    input.value = "";
  };
  return (
    <>
      <input
        ref={files}
        type="file"
        multiple
        accept={ACCEPT}
        hidden
        onChange={add}
        aria-label="Photos"
        data-testid="pick-files"
      />
      <input
        ref={(input) => {
          folder.current = input;
          // React has no property for it.
          input?.setAttribute("webkitdirectory", "");
        }}
        type="file"
        multiple
        hidden
        onChange={add}
        aria-label="Folder"
        data-testid="pick-folder"
      />
      <Button onClick={() => files.current?.click()}>
        <Images aria-hidden /> Choose photos
      </Button>
      <Button look="secondary" onClick={() => folder.current?.click()} className="pointer-coarse:hidden">
        <FolderUp aria-hidden /> Choose a folder
      </Button>
    </>
  );
}

function useWindowDrop(upload: ProjectUpload): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(false);
      void upload.addDropped(dropped(event.dataTransfer.items));
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, [upload]);
  return isOver;
}
