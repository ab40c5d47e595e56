import { answer } from "@acme/api/main";
import { queryOptions } from "@tanstack/react-query";
import type { Services } from "../services";

export function invitationQuery({ main }: Services, token: string) {
  return queryOptions({
    queryKey: ["invitation", token],
    queryFn: () => answer(main.GET("/v1/qr/{token}", { params: { path: { token } } })),
    retry: false,
  });
}
