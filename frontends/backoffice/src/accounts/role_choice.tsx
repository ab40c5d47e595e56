import { Button } from "@acme/ui/button";
import { Notice } from "@acme/ui/states";
import { useMutation } from "@tanstack/react-query";
import { Camera, Images, type LucideIcon, ShieldCheck } from "lucide-react";
import { problemText } from "../shell/problem_text";
import type { SignInRole } from "./sign_in_steps";

const CHOICES: { role: SignInRole; label: string; icon: LucideIcon }[] = [
  { role: "operator", label: "As an operator", icon: Images },
  { role: "photographer", label: "As a photographer", icon: Camera },
  { role: "superadmin", label: "As a superadmin", icon: ShieldCheck },
];

export interface RoleChoiceProps {
  onChoose: (role: SignInRole) => Promise<void>;
  onBack: () => void;
}

export function RoleChoice({ onChoose, onBack }: RoleChoiceProps) {
  const choosing = useMutation({ mutationFn: onChoose });
  return (
    <div className="grid gap-3">
      {choosing.error && (
        <Notice tone="danger" role="alert">
          {problemText(choosing.error)}
        </Notice>
      )}
      {CHOICES.map(({ role, label, icon: Icon }) => (
        <Button
          key={role}
          look="secondary"
          size="lg"
          className="justify-start"
          isBusy={choosing.isPending && choosing.variables === role}
          disabled={choosing.isPending}
          onClick={() => choosing.mutate(role)}
        >
          <Icon aria-hidden /> {label}
        </Button>
      ))}
      <Button look="ghost" onClick={onBack}>
        Use another account
      </Button>
    </div>
  );
}
