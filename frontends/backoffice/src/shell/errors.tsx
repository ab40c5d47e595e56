import { Button } from "@acme/ui/button";
import { Failure } from "@acme/ui/states";
import { Link, useRouteError } from "react-router";
import { problemText } from "./problem_text";
import { Title } from "./title";

/** A screen that could not be shown at all. */
export function Crashed() {
  return (
    <main className="mx-auto max-w-xl p-6">
      <Title>That did not work</Title>
      <h1 className="sr-only">That did not work</h1>
      <Failure title="That did not work" onRetry={() => location.reload()}>
        {problemText(useRouteError())}
      </Failure>
    </main>
  );
}

export function NotFound() {
  return (
    <div className="grid justify-items-center gap-4 py-16 text-center">
      <Title>This page does not exist</Title>
      <h1 className="text-xl font-semibold">This page does not exist</h1>
      <Button asChild look="secondary">
        <Link to="/">Back to the start</Link>
      </Button>
    </div>
  );
}
