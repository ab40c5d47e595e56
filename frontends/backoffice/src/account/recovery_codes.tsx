import { Button } from "@acme/ui/button";
import { saveAs } from "@acme/ui/lib/save_as";
import { Notice } from "@acme/ui/states";
import { Copy, Download } from "lucide-react";

/** Shown once: the server keeps only their hashes. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const text = `${codes.join("\n")}\n`;
  return (
    <div className="grid gap-4">
      <Notice tone="accent">
        These codes open your account when the app is lost, each once. They are shown only now: keep them
        safe.
      </Notice>
      <ul aria-label="Recovery codes" className="grid grid-cols-1 gap-1 font-mono text-sm sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button look="secondary" onClick={() => void navigator.clipboard.writeText(text)}>
          <Copy aria-hidden /> Copy
        </Button>
        <Button look="secondary" onClick={() => saveAs(new Blob([text]), "recovery-codes.txt")}>
          <Download aria-hidden /> Download
        </Button>
        <Button onClick={onDone}>I have kept them</Button>
      </div>
    </div>
  );
}
