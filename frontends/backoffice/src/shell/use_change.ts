import { toast } from "@acme/ui/toaster";
import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { problemText } from "./problem_text";

export interface Change<Input, Output> {
  run: (input: Input) => Promise<Output>;
  /** What is out of date afterwards. */
  changes: QueryKey[];
  /** Told when it is done; nothing is told without it. */
  done?: string;
}

/** Something is changed on the server: told when done or refused, and what shows it is loaded again. */
export function useChange<Input = void, Output = unknown>({ run, changes, done }: Change<Input, Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: () => {
      if (done) toast.success(done);
    },
    onError: (error) => toast.error(problemText(error)),
    onSettled: () => Promise.all(changes.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
