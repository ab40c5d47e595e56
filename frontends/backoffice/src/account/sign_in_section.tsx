import { answer, type Schemas } from "@acme/api/backoffice";
import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { Card, CardHeader } from "@acme/ui/card";
import { deviceName } from "@acme/ui/lib/device_name";
import { dateTime } from "@acme/ui/lib/format";
import { useQuery } from "@tanstack/react-query";
import { useAccount, useServices } from "@/services";
import { Loaded } from "@/shell/loaded";
import { useChange } from "@/shell/use_change";

type SignIn = Schemas["SignInOut"];

const KEY = ["sign-ins"];

export function SignInSection() {
  const { backoffice } = useServices();
  const signIns = useQuery({ queryKey: KEY, queryFn: () => answer(backoffice.GET("/v1/me/sessions")) });
  return (
    <Card>
      <CardHeader title="Where you are signed in" description="End what you do not recognise." />
      <Loaded query={signIns} what="The sessions">
        {({ items }) => (
          <ul className="grid grid-cols-[minmax(0,1fr)] gap-3">
            {items.map((signIn) => (
              <Row key={signIn.id} signIn={signIn} />
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function Row({ signIn }: { signIn: SignIn }) {
  const { backoffice } = useServices();
  const locale = useAccount().locale ?? "en";
  const end = useChange({
    run: () =>
      answer(
        backoffice.DELETE("/v1/me/sessions/{session_id}", { params: { path: { session_id: signIn.id } } }),
      ),
    changes: [KEY],
  });
  return (
    <li className="flex flex-wrap items-center justify-between gap-2 text-sm">
      <span className="grid min-w-0 max-w-full grid-cols-[minmax(0,1fr)]">
        <span className="flex items-center gap-2">
          <span className="truncate">
            {deviceName(signIn.user_agent) ?? signIn.user_agent ?? "Another program"}
          </span>
          {signIn.is_current && <Badge tone="accent">this browser</Badge>}
        </span>
        <span className="text-muted-foreground">Last used {dateTime(signIn.last_used_at, locale)}</span>
      </span>
      {!signIn.is_current && (
        <Button look="secondary" isBusy={end.isPending} onClick={() => end.mutate()}>
          End
        </Button>
      )}
    </li>
  );
}
