import { PageHeader } from "@acme/ui/card";
import { Title } from "@/shell/title";
import { WatermarkEditor } from "./editor";

export function Component() {
  return (
    <>
      <Title>Watermark</Title>
      <PageHeader
        title="Watermark"
        description="On the photos of every project that has none of its own: all over what guests see before they buy, small on what they have bought."
      />
      <WatermarkEditor projectId={null} />
    </>
  );
}
