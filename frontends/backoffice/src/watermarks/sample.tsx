import { cn } from "@acme/ui/lib/cn";
import { Notice } from "@acme/ui/states";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { type Design, type Product, wishOf } from "./design";
import { sampleQuery } from "./queries";

/** While a slider moves, nothing is drawn. */
const SETTLED_MS = 300;

export function Sample({ design, product }: { design: Design; product: Product }) {
  const wish = wishOf(useSettled(design));
  const sample = useQuery(sampleQuery(useServices(), wish, product));
  const address = useAddress(sample.data);
  return (
    <figure className="grid content-start gap-2 max-lg:order-first">
      <div className="aspect-[3/2] overflow-hidden rounded-md border bg-muted">
        {address && (
          <img
            src={address}
            alt="The watermark on a sample"
            className={cn("size-full object-contain", sample.isPlaceholderData && "opacity-60")}
          />
        )}
      </div>
      <figcaption className="text-sm text-muted-foreground">
        {wish ? "Drawn as the photos will be." : "Upload a logo to see it."}
      </figcaption>
      {sample.isError && (
        <Notice tone="danger" role="alert">
          {problemText(sample.error)}
        </Notice>
      )}
    </figure>
  );
}

function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function useAddress(blob: unknown): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!(blob instanceof Blob)) return;
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return address;
}
