import type { Schemas } from "@acme/api/backoffice";
import { cn } from "@acme/ui/lib/cn";
import { Check, CircleQuestionMark, type LucideIcon, UserRound, X } from "lucide-react";
import type { CSSProperties } from "react";
import { Link } from "react-router";

export type Face = Schemas["PhotoFaceOut"];

interface Look {
  icon: LucideIcon;
  /** Solid, dashed, dotted: told apart without colours too. */
  line: string;
  mark: string;
  said: string;
}

const LOOKS: Record<Face["state"], Look> = {
  confirmed: { icon: Check, line: "border-solid border-emerald-300", mark: "bg-emerald-300", said: "found" },
  pending: {
    icon: CircleQuestionMark,
    line: "border-dashed border-amber-300",
    mark: "bg-amber-300",
    said: "to decide",
  },
  rejected: { icon: X, line: "border-dotted border-white", mark: "bg-white", said: "rejected" },
  unknown: { icon: UserRound, line: "border-dotted border-white/70", mark: "bg-white/70", said: "unknown" },
};

interface FacesProps {
  projectId: string;
  faces: Face[];
}

/** Over a picture that fills its container. What they say stands in `FaceList` as well, for keyboards and readers. */
export function FaceFrames({ projectId, faces }: FacesProps) {
  return faces.map((face) => {
    const { icon: Icon, line, mark } = LOOKS[face.state];
    const content = (
      <span
        className={cn(
          "absolute -top-2.5 -left-2.5 grid size-5 place-items-center rounded-full text-black",
          mark,
        )}
      >
        <Icon className="size-3.5" aria-hidden />
      </span>
    );
    const looks = {
      "aria-hidden": true,
      className: cn("absolute rounded-sm border-3 shadow-[0_0_0_1px_rgb(0_0_0/0.6)]", line),
      style: placeOf(face.box),
    };
    const address = reviewOf(projectId, face);
    if (!address) {
      return (
        <span key={face.id} {...looks}>
          {content}
        </span>
      );
    }
    return (
      <Link key={face.id} to={address} tabIndex={-1} {...looks} title={nameOf(face)}>
        {content}
      </Link>
    );
  });
}

/** Who is in the photo: a name leads to the review of its match. */
export function FaceList({ projectId, faces }: FacesProps) {
  if (faces.length === 0) return <p className="text-sm text-muted-foreground">No faces were found in it.</p>;
  return (
    <ul aria-label="Faces in the photo" className="flex max-h-32 flex-wrap gap-2 overflow-y-auto">
      {faces.map((face) => (
        <li key={face.id}>
          <FaceChip face={face} address={reviewOf(projectId, face)} />
        </li>
      ))}
    </ul>
  );
}

function FaceChip({ face, address }: { face: Face; address: string | null }) {
  const { icon: Icon, said } = LOOKS[face.state];
  const content = (
    <>
      <img src={face.face_url} alt="" loading="lazy" className="size-8 rounded-full bg-muted object-cover" />
      <span className="font-medium">{nameOf(face)}</span>
      <span className="flex items-center gap-1 text-muted-foreground">
        <Icon className="size-3.5" aria-hidden /> {factsOf(face, said)}
      </span>
    </>
  );
  const shape = "flex min-h-10 items-center gap-2 rounded-full border py-1 pr-3 pl-1 text-sm";
  if (!address) return <span className={shape}>{content}</span>;
  return (
    <Link to={address} className={cn(shape, "hover:bg-muted")}>
      {content}
    </Link>
  );
}

function nameOf({ candidate }: Face): string {
  return candidate?.name ?? "Somebody";
}

function factsOf({ confidence }: Face, said: string): string {
  return confidence === null ? said : `${said} · ${confidence.toFixed(1)} %`;
}

function reviewOf(projectId: string, { tag_id, state }: Face): string | null {
  return tag_id && `/projects/${projectId}/review?status=${state}&tag=${tag_id}`;
}

function placeOf({ left, top, width, height }: Face["box"]): CSSProperties {
  return {
    left: `${left * 100}%`,
    top: `${top * 100}%`,
    width: `${width * 100}%`,
    height: `${height * 100}%`,
  };
}
