import { hasCode } from "@acme/api/problem";
import { BackLink } from "@acme/ui/back_link";
import { Button } from "@acme/ui/button";
import { PageHeader } from "@acme/ui/card";
import { cn } from "@acme/ui/lib/cn";
import { dateRange } from "@acme/ui/lib/format";
import { Failure } from "@acme/ui/states";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Link, NavLink, Outlet, useLocation, useOutletContext, useParams } from "react-router";
import { useAccount, useServices } from "@/services";
import { Loaded } from "@/shell/loaded";
import { Title } from "@/shell/title";
import { type Project, projectQuery } from "./queries";

const TABS = [
  ["overview", "Overview"],
  ["details", "Details"],
  ["photos", "Photos"],
  ["watermark", "Watermark"],
  ["members", "Guests"],
  ["hide-requests", "Hiding"],
  ["selfie-conflicts", "Selfie conflicts"],
  ["qr-codes", "QR codes"],
  ["packages", "Packages"],
  ["photographers", "Photographers"],
  ["coaches", "Coaches"],
  ["purchases", "Sales"],
] as const;

export function Component() {
  const { projectId = "" } = useParams();
  const project = useQuery(projectQuery(useServices(), projectId));
  if (hasCode(project.error, "project_not_found", "validation_failed")) return <Gone />;
  return (
    <Loaded query={project} what="The project">
      {(found) => <ProjectFrame project={found} />}
    </Loaded>
  );
}

/** The project, within its tabs. */
export function useProject(): Project {
  return useOutletContext<Project>();
}

function ProjectFrame({ project }: { project: Project }) {
  const { locale } = useAccount();
  const tabs = useCurrentInView();
  const dates = dateRange(project.start_at, project.end_at, locale ?? "en", project.timezone ?? undefined);
  return (
    <>
      <Title>{project.name}</Title>
      <PageHeader
        above={
          <BackLink>
            <Link to="/projects">Projects</Link>
          </BackLink>
        }
        title={project.name}
        description={[dates, project.location_name].filter(Boolean).join(" · ")}
        actions={
          <>
            <Button asChild look="secondary">
              <Link to={`/projects/${project.id}/thresholds`}>Thresholds</Link>
            </Button>
            <Button asChild look="secondary">
              <Link to={`/projects/${project.id}/review`}>Review</Link>
            </Button>
          </>
        }
      />
      <nav ref={tabs} aria-label="Parts of the project" className="mb-6 flex gap-1 overflow-x-auto border-b">
        {TABS.map(([path, label]) => (
          <NavLink
            key={path}
            to={`/projects/${project.id}/${path}`}
            className={({ isActive }) =>
              cn(
                "-mb-px flex min-h-11 shrink-0 items-center border-b-2 border-transparent px-3 text-sm font-medium -outline-offset-2",
                isActive ? "border-primary" : "text-muted-foreground hover:text-foreground",
              )
            }
          >
            {label}
          </NavLink>
        ))}
      </nav>
      <Outlet context={project} />
    </>
  );
}

/** On a phone the tabs scroll sideways: the one that is open is always seen. */
function useCurrentInView() {
  const list = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place has another tab
  useEffect(() => {
    const current = list.current?.querySelector("[aria-current=page]");
    current?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [pathname]);
  return list;
}

function Gone() {
  return (
    <>
      <Title>No such project</Title>
      <h1 className="sr-only">Project</h1>
      <Failure title="There is no such project of yours" />
      <Button asChild look="link" className="mt-4">
        <Link to="/projects">To the projects</Link>
      </Button>
    </>
  );
}
