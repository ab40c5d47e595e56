import { answer, type Schemas } from "@acme/api/media";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { type Services, useServices } from "@/services";
import { putFile } from "./upload";

export type Selfie = Schemas["SelfieOut"];

const JUDGING_MS = 2500;

export const selfieKeys = { mine: ["selfie"] as const };

/** Live events tell the verdict; asking is for when they do not come through. */
export function selfieQuery({ media }: Services) {
  return queryOptions({
    queryKey: selfieKeys.mine,
    queryFn: () => answer(media.GET("/v1/selfie")),
    refetchInterval: ({ state }) => (state.data && isJudging(state.data) ? JUDGING_MS : false),
  });
}

export function isJudging(selfie: Selfie): boolean {
  return selfie.status === "pending" && selfie.upload_state !== "issued";
}

export interface Sending {
  picture: Blob;
  onProgress: (share: number) => void;
}

export function useSendSelfie() {
  const services = useServices();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (sending: Sending) => send(services, sending),
    onSuccess: (selfie) => client.setQueryData(selfieKeys.mine, selfie),
  });
}

export function useDeleteSelfie() {
  const { media } = useServices();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answer(media.DELETE("/v1/selfie/{selfie_id}", { params: { path: { selfie_id: id } } })),
    onSuccess: () => client.resetQueries({ queryKey: selfieKeys.mine }),
  });
}

async function send({ media }: Services, { picture, onProgress }: Sending): Promise<Selfie> {
  const body = { content_type: picture.type, size_bytes: picture.size };
  const { selfie_id, upload } = await answer(media.POST("/v1/selfie/upload-url", { body }));
  await putFile(upload, picture, onProgress);
  return answer(media.POST("/v1/selfie/{selfie_id}/complete", { params: { path: { selfie_id } } }));
}
