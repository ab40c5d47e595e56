import { Dialog, DialogContent } from "@acme/ui/dialog";
import { Switch } from "@acme/ui/switch";
import { HELP } from "./keys";

interface HelpDialogProps {
  hasKeys: boolean;
  onKeys: (hasKeys: boolean) => void;
  onClose: () => void;
}

export function HelpDialog({ hasKeys, onKeys, onClose }: HelpDialogProps) {
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent title="Keys" description="The review works without a mouse.">
        <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2 text-sm">
          {HELP.map(({ keys, text }) => (
            <div key={text} className="contents">
              <dt className="flex gap-1">
                {keys.map((key) => (
                  <kbd key={key} className="rounded-sm border bg-muted px-2 py-0.5 font-sans text-xs">
                    {key}
                  </kbd>
                ))}
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <Switch label="Use these keys" checked={hasKeys} onCheckedChange={onKeys} />
      </DialogContent>
    </Dialog>
  );
}
