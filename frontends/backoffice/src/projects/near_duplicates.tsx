import { BackLink } from "@acme/ui/back_link";
import { Empty } from "@acme/ui/states";
import { useQuery } from "@tanstack/react-query";
import { CopyCheck } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { useServices } from "@/services";
import { Loaded } from "@/shell/loaded";
import { PhotoViewer } from "./photo_viewer";
import { PhotoTile } from "./photos_tab";
import { useProject } from "./project_page";
import { nearDuplicatesQuery } from "./queries";

/** Photos of one moment, side by side: what is not needed is deleted here. */
export function Component() {
  const { id } = useProject();
  const found = useQuery(nearDuplicatesQuery(useServices(), id));
  const [openId, setOpenId] = useState<string>();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <BackLink>
        <Link to={`/projects/${id}/photos`}>All photos</Link>
      </BackLink>
      <Loaded query={found} what="The near duplicates">
        {({ groups }) => (
          <>
            <PhotoViewer photos={groups.flat()} openId={openId} onOpen={setOpenId} />
            {groups.length === 0 && (
              <Empty icon={CopyCheck} title="No near duplicates">
                The newest five thousand photos were compared; no two look the same.
              </Empty>
            )}
            <ul className="grid gap-6">
              {groups.map((group) => (
                <li key={group[0]?.id}>
                  <h2 className="mb-2 text-sm font-medium">{`${group.length} photos of one moment`}</h2>
                  <ul className="grid grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] gap-2">
                    {group.map((photo) => (
                      <li key={photo.id} className="aspect-square">
                        <PhotoTile photo={photo} onOpen={() => setOpenId(photo.id)} />
                      </li>
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </div>
  );
}
