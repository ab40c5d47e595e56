import { answer, type Schemas } from "@acme/api/main";
import { queryOptions } from "@tanstack/react-query";
import type { Services } from "../services";

export type SignIn = Schemas["SignInOut"];

export function signInsQuery({ main }: Services) {
  return queryOptions({ queryKey: ["sign-ins"], queryFn: () => answer(main.GET("/v1/me/sessions")) });
}
