import { answer } from "@acme/api/backoffice";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Camera } from "lucide-react";
import { photographersQuery } from "@/photographers/queries";
import { useServices } from "@/services";
import { useChange } from "@/shell/use_change";
import { Assignment } from "./assignment";
import { useProject } from "./project_page";
import { assignedQuery, projectKeys } from "./queries";

export function Component() {
  const project = useProject();
  const services = useServices();
  const change = useChange({
    run: ({ id, isAssigned }: { id: string; isAssigned: boolean }) => {
      const options = { params: { path: { project_id: project.id, photographer_id: id } } };
      const path = "/v1/projects/{project_id}/photographers/{photographer_id}";
      return answer(
        isAssigned ? services.backoffice.PUT(path, options) : services.backoffice.DELETE(path, options),
      );
    },
    changes: [projectKeys.part(project.id, "photographers")],
  });
  return (
    <Assignment
      all={useInfiniteQuery(photographersQuery(services))}
      assigned={useInfiniteQuery(assignedQuery(services, project.id))}
      what="Photographers"
      icon={Camera}
      home={{ to: "/photographers", label: "Invite a photographer" }}
      facts={({ email }) => email}
      addLabel="Assign"
      removeLabel="Take off"
      busyId={change.isPending ? change.variables.id : undefined}
      onChange={({ id }, isAssigned) => change.mutate({ id, isAssigned })}
    />
  );
}
