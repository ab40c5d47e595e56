import { BackLink } from "@acme/ui/back_link";
import { PageHeader } from "@acme/ui/card";
import { Failure, Skeleton, Spinner } from "@acme/ui/states";
import { Tab, TabList, TabPanel, Tabs } from "@acme/ui/tabs";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useParams, useSearchParams } from "react-router";
import { useServices } from "@/services";
import { NotFound } from "@/shell/errors";
import { problemText } from "@/shell/problem_text";
import { LiveFigures } from "./live_figures";
import { PhotoGrid } from "./photo_grid";
import { myProjects } from "./queries";
import { UploadTab } from "./upload_tab";
import { useLivePhotos } from "./use_live_photos";
import { useUpload } from "./use_upload";

export function Component() {
  const { projectId = "" } = useParams();
  const found = useInfiniteQuery(myProjects(useServices()));
  if (found.isPending) return <Waiting />;
  if (found.isError)
    return (
      <Failure title="The project cannot be shown" onRetry={() => void found.refetch()}>
        {problemText(found.error)}
      </Failure>
    );
  const project = found.data.find((each) => each.id === projectId);
  if (!project) return found.hasNextPage ? <LaterPage onNeed={found.fetchNextPage} /> : <NotFound />;
  return <ProjectScreen key={project.id} projectId={project.id} name={project.name} />;
}

function ProjectScreen({ projectId, name }: { projectId: string; name: string }) {
  const [search, setSearch] = useSearchParams();
  const progress = useLivePhotos(projectId, useUpload(projectId));
  const tab = search.get("tab") === "photos" ? "photos" : "upload";
  const choose = (chosen: string) =>
    setSearch(chosen === "photos" ? { tab: "photos" } : {}, { replace: true });
  return (
    <>
      <title>{`${name} · Upload · Acme Photos`}</title>
      <PageHeader
        title={name}
        above={
          <BackLink>
            <Link to="/my-projects">My projects</Link>
          </BackLink>
        }
        description={progress && <LiveFigures progress={progress} />}
      />
      <Tabs value={tab} onValueChange={choose}>
        <TabList aria-label="Upload and photos">
          <Tab value="upload">Upload</Tab>
          <Tab value="photos">Photos</Tab>
        </TabList>
        <TabPanel value="upload">
          <UploadTab projectId={projectId} />
        </TabPanel>
        <TabPanel value="photos">
          <PhotoGrid projectId={projectId} onUpload={() => choose("upload")} />
        </TabPanel>
      </Tabs>
    </>
  );
}

/** Who has more projects than a page holds. */
function LaterPage({ onNeed }: { onNeed: () => Promise<unknown> }) {
  return (
    <div ref={(shown) => void (shown && onNeed())}>
      <Spinner label="Loading the project" />
    </div>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading the project" className="grid gap-6">
      <Skeleton className="h-9 w-64" />
      <Skeleton className="h-11" />
      <Skeleton className="h-72" />
    </div>
  );
}
