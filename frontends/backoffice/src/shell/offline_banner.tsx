import { useOnline } from "@acme/ui/lib/online";
import { WifiOff } from "lucide-react";

export function OfflineBanner() {
  const isOnline = useOnline();
  return (
    <div role="status">
      {!isOnline && (
        <p className="flex items-center justify-center gap-2 bg-foreground px-4 py-2 text-sm text-background">
          <WifiOff className="size-4 shrink-0" aria-hidden />
          You are offline. What you see may be old; changes wait until you are back.
        </p>
      )}
    </div>
  );
}
