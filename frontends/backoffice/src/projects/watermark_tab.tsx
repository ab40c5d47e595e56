import { WatermarkEditor } from "@/watermarks/editor";
import { useProject } from "./project_page";

export function Component() {
  const project = useProject();
  return (
    <div className="grid gap-4">
      <p className="text-sm text-muted-foreground">
        What is saved here holds for {project.name} only, in place of your default.
      </p>
      <WatermarkEditor projectId={project.id} />
    </div>
  );
}
