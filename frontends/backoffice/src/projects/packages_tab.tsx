import { answer } from "@acme/api/backoffice";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Package } from "lucide-react";
import { packageFacts } from "@/packages/facts";
import { packagesQuery } from "@/packages/queries";
import { useAccount, useServices } from "@/services";
import { useChange } from "@/shell/use_change";
import { Assignment } from "./assignment";
import { useProject } from "./project_page";
import { onSaleQuery, projectKeys } from "./queries";

export function Component() {
  const project = useProject();
  const services = useServices();
  const account = useAccount();
  const change = useChange({
    run: ({ id, isOnSale }: { id: string; isOnSale: boolean }) => {
      const options = { params: { path: { project_id: project.id, package_id: id } } };
      const path = "/v1/projects/{project_id}/packages/{package_id}";
      return answer(
        isOnSale ? services.backoffice.PUT(path, options) : services.backoffice.DELETE(path, options),
      );
    },
    changes: [projectKeys.part(project.id, "packages")],
  });
  return (
    <Assignment
      all={useInfiniteQuery(packagesQuery(services))}
      assigned={useInfiniteQuery(onSaleQuery(services, project.id))}
      what="Packages"
      icon={Package}
      home={{ to: "/packages", label: "Make a package" }}
      facts={(item) => packageFacts(item, account)}
      addLabel="Put on sale"
      removeLabel="Stop selling"
      busyId={change.isPending ? change.variables.id : undefined}
      onChange={({ id }, isOnSale) => change.mutate({ id, isOnSale })}
    />
  );
}
