import { answer, type Schemas } from "@acme/api/backoffice";
import { Unreachable } from "@acme/api/problem";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Services } from "@/services";
import type { Product, Watermark, wishOf } from "./design";

export type Wish = NonNullable<ReturnType<typeof wishOf>>;

const LOGO_TYPES = ["image/png", "image/svg+xml"] as const;
export const LOGO_ACCEPT = LOGO_TYPES.join();

export const watermarkKeys = {
  all: ["watermarks"] as const,
  of: (projectId: string | null) => [...watermarkKeys.all, projectId] as const,
};

/** Of a project, or what the operator's projects have in common. */
export function watermarkQuery({ backoffice }: Services, projectId: string | null) {
  return queryOptions({
    queryKey: watermarkKeys.of(projectId),
    queryFn: () =>
      projectId === null
        ? answer(backoffice.GET("/v1/watermark"))
        : answer(
            backoffice.GET("/v1/projects/{project_id}/watermark", {
              params: { path: { project_id: projectId } },
            }),
          ),
  });
}

export function saveWatermark(
  { backoffice }: Services,
  projectId: string | null,
  body: Schemas["WatermarkUpdate"],
): Promise<Watermark> {
  if (projectId === null) return answer(backoffice.PUT("/v1/watermark", { body }));
  const params = { path: { project_id: projectId } };
  return answer(backoffice.PUT("/v1/projects/{project_id}/watermark", { params, body }));
}

export async function removeWatermark({ backoffice }: Services, projectId: string): Promise<void> {
  const params = { path: { project_id: projectId } };
  await answer(backoffice.DELETE("/v1/projects/{project_id}/watermark", { params }));
}

/** A picture with the mark, as the services would draw it. The last one stays until the next is there. */
export function sampleQuery({ media }: Services, design: Wish | null, product: Product) {
  return queryOptions({
    queryKey: [...watermarkKeys.all, "sample", design, product],
    enabled: design !== null,
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
    gcTime: 60_000,
    retry: false,
    queryFn: ({ signal }) => {
      const body = { ...(design && { design }), product };
      return answer(media.POST("/v1/watermarks/preview", { body, parseAs: "blob", signal }));
    },
  });
}

export async function uploadLogo({ media }: Services, file: File) {
  const content_type = LOGO_TYPES.find((type) => type === file.type);
  if (!content_type) throw new Error("Choose a PNG or an SVG");
  const body = { content_type, size_bytes: file.size };
  const { logo_id, upload } = await answer(media.POST("/v1/watermarks/logos/upload-url", { body }));
  const headers = Object.entries(upload.headers).filter(([name]) => name.toLowerCase() !== "content-length");
  const put = await fetch(upload.url, { method: "PUT", headers: Object.fromEntries(headers), body: file });
  if (!put.ok) throw new Unreachable(`The object store answers ${put.status}`);
  return answer(media.POST("/v1/watermarks/logos/{logo_id}/complete", { params: { path: { logo_id } } }));
}
