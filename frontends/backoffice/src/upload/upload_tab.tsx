import { DropZone } from "./drop_zone";
import { LeftOut, Problem, Resume } from "./notices";
import { UploadList } from "./upload_list";
import { UploadPanel } from "./upload_panel";
import { useFrames, useUpload } from "./use_upload";

export function UploadTab({ projectId }: { projectId: string }) {
  const upload = useUpload(projectId);
  const frame = useFrames(upload);
  const hasFiles = upload.queue.items.length > 0;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <Resume upload={upload} />
      <DropZone upload={upload} isSmall={hasFiles} />
      <Problem upload={upload} />
      <LeftOut upload={upload} />
      {hasFiles && (
        <>
          <UploadPanel upload={upload} />
          <UploadList projectId={projectId} upload={upload} frame={frame} />
        </>
      )}
    </div>
  );
}
