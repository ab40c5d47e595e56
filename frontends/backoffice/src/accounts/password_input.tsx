import { Button } from "@acme/ui/button";
import { Input } from "@acme/ui/input";
import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";

/** Can be looked at: long passwords are typed right that way. */
export function PasswordInput(props: ComponentProps<"input">) {
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <div className="relative">
      <Input {...props} type={isShown ? "text" : "password"} className="pr-12" />
      <Button
        look="ghost"
        size="icon"
        className="absolute top-0 right-0"
        aria-label="Show the password"
        aria-pressed={isShown}
        onClick={() => setShown(!isShown)}
      >
        <Icon aria-hidden />
      </Button>
    </div>
  );
}
