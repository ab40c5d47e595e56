import { hasCode } from "@acme/api/problem";
import { Button } from "@acme/ui/button";
import { Card } from "@acme/ui/card";
import { Confirm } from "@acme/ui/confirm";
import { Notice } from "@acme/ui/states";
import { Tab, TabList, TabPanel, Tabs } from "@acme/ui/tabs";
import { toast } from "@acme/ui/toaster";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useServices } from "@/services";
import { Loaded } from "@/shell/loaded";
import { problemText } from "@/shell/problem_text";
import { designOf, ownVersion, type Product, type Watermark, wishOf } from "./design";
import { LayoutFields } from "./layout_fields";
import { MarkFields } from "./mark_fields";
import { removeWatermark, saveWatermark, watermarkKeys, watermarkQuery } from "./queries";
import { Sample } from "./sample";

interface EditorProps {
  /** Null: the design of all projects that have none of their own. */
  projectId: string | null;
}

export function WatermarkEditor({ projectId }: EditorProps) {
  const watermark = useQuery(watermarkQuery(useServices(), projectId));
  return (
    <Loaded query={watermark} what="The watermark">
      {(found) => <Editor key={`${found.source} ${found.version}`} projectId={projectId} watermark={found} />}
    </Loaded>
  );
}

function Editor({ projectId, watermark }: EditorProps & { watermark: Watermark }) {
  const [design, setDesign] = useState(() => designOf(watermark));
  const [product, setProduct] = useState<Product>("preview");
  const { save, reset } = useSaving(projectId, watermark);
  const wish = wishOf(design);
  const owner = projectId === null ? "operator" : "project";
  const isStale = hasCode(save.error ?? reset.error, "stale_version");
  return (
    <Card className="grid gap-6 lg:grid-cols-[20rem_minmax(0,1fr)]">
      <form
        className="grid content-start gap-6"
        onSubmit={(event) => {
          event.preventDefault();
          if (wish) save.mutate(wish);
        }}
      >
        {isStale && <Stale />}
        <MarkFields design={design} onChange={(part) => setDesign((known) => ({ ...known, ...part }))} />
        <Tabs
          value={product}
          onValueChange={(value) => setProduct(value === "preview" ? value : "deliverable")}
        >
          <TabList aria-label="Which photos">
            <Tab value="preview">Before the purchase</Tab>
            <Tab value="deliverable">Bought</Tab>
          </TabList>
          <TabPanel value={product}>
            <LayoutFields
              layout={design[product]}
              onChange={(layout) => setDesign({ ...design, [product]: layout })}
            />
          </TabPanel>
        </Tabs>
        <div className="flex flex-wrap gap-3">
          <Button type="submit" isBusy={save.isPending} disabled={wish === null}>
            Save
          </Button>
          {watermark.source === owner && (
            <Reset owner={owner} isBusy={reset.isPending} onReset={reset.mutate} />
          )}
        </div>
      </form>
      <Sample design={design} product={product} />
    </Card>
  );
}

function useSaving(projectId: string | null, watermark: Watermark) {
  const services = useServices();
  const client = useQueryClient();
  const version = ownVersion(watermark, projectId === null ? "operator" : "project");
  const told = {
    onError: (error: Error) => {
      if (!hasCode(error, "stale_version")) toast.error(problemText(error));
    },
    onSuccess: () => {
      toast.success("Saved. The photos follow, the newest first.");
      return client.invalidateQueries({ queryKey: watermarkKeys.all });
    },
  };
  const save = useMutation({
    mutationFn: (wish: NonNullable<ReturnType<typeof wishOf>>) =>
      saveWatermark(services, projectId, { ...wish, version }),
    ...told,
  });
  const reset = useMutation({
    mutationFn: async () => {
      if (projectId !== null) return removeWatermark(services, projectId);
      await saveWatermark(services, null, { version, kind: "text" });
    },
    ...told,
  });
  return { save, reset };
}

function Stale() {
  const client = useQueryClient();
  return (
    <Notice tone="danger" role="alert" className="grid gap-2">
      Somebody has changed this watermark meanwhile. Load it again, and make your changes once more.
      <Button
        look="secondary"
        className="justify-self-start"
        onClick={() => void client.invalidateQueries({ queryKey: watermarkKeys.all })}
      >
        Load again
      </Button>
    </Notice>
  );
}

interface ResetProps {
  owner: "operator" | "project";
  isBusy: boolean;
  onReset: () => void;
}

function Reset({ owner, isBusy, onReset }: ResetProps) {
  const isProject = owner === "project";
  return (
    <Confirm
      trigger={
        <Button look="secondary" isBusy={isBusy}>
          {isProject ? "Use my default" : "Back to the first design"}
        </Button>
      }
      title={isProject ? "Use your default watermark?" : "Go back to the first design?"}
      description="The design that is saved here is lost, and the photos are drawn anew."
      confirmLabel="Replace the design"
      cancelLabel="Keep it"
      onConfirm={onReset}
    />
  );
}
