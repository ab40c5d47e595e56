import { answer } from "@acme/api/backoffice";
import { cn } from "@acme/ui/lib/cn";
import { Skeleton } from "@acme/ui/states";
import { useQuery } from "@tanstack/react-query";
import { useServices } from "@/services";
import { projectKeys, type QrToken } from "./queries";

interface QrImageProps {
  projectId: string;
  token: QrToken;
  isDim: boolean;
}

/** As a data address: the page has no token for a picture's own request. */
export function QrImage({ projectId, token, isDim }: QrImageProps) {
  const { backoffice } = useServices();
  const path = { project_id: projectId, qr_token_id: token.id };
  const svg = useQuery({
    queryKey: projectKeys.part(projectId, "qr-image", token.id),
    queryFn: () =>
      answer(
        backoffice.GET("/v1/projects/{project_id}/qr-tokens/{qr_token_id}/qr.svg", {
          params: { path },
          parseAs: "text",
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (svg.data === undefined) return <Skeleton className="size-36" />;
  return (
    <img
      src={`data:image/svg+xml,${encodeURIComponent(String(svg.data))}`}
      alt={`QR code to ${token.join_url}`}
      className={cn("size-36 rounded-md bg-white p-2", isDim && "opacity-30")}
    />
  );
}
