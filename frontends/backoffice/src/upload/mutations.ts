import { answer } from "@acme/api/media";
import { toast } from "@acme/ui/toaster";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { type Photo, photoKeys } from "./queries";

/** A photo that arrived and could not be prepared. */
export function useRetryPhoto(projectId: string) {
  const { media } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (photoId: string) =>
      answer(
        media.POST("/v1/photographers/me/photos/{photo_id}/retry", {
          params: { path: { photo_id: photoId } },
        }),
      ),
    onSuccess: (photo: Photo) => queries.setQueryData(photoKeys.one(projectId, photo.id), photo),
    onError: (error) => toast.error(problemText(error)),
    onSettled: () => queries.invalidateQueries({ queryKey: photoKeys.lists(projectId) }),
  });
}

export function useDeletePhoto(projectId: string) {
  const { backoffice } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (photoId: string) =>
      answer(backoffice.DELETE("/v1/photos/{photo_id}", { params: { path: { photo_id: photoId } } })),
    onSuccess: (_, photoId) => {
      queries.removeQueries({ queryKey: photoKeys.one(projectId, photoId) });
      toast.success("The photo is deleted.");
    },
    onError: (error) => toast.error(problemText(error)),
    onSettled: () => queries.invalidateQueries({ queryKey: photoKeys.lists(projectId) }),
  });
}
