export type Command =
  | "next"
  | "previous"
  | "confirm"
  | "reject"
  | "photo"
  | "toggle"
  | "select-all"
  | "bulk-confirm"
  | "undo"
  | "tag"
  | "clear"
  | "help";

const COMMANDS: Record<string, Command> = {
  j: "next",
  arrowright: "next",
  arrowdown: "next",
  k: "previous",
  arrowleft: "previous",
  arrowup: "previous",
  y: "confirm",
  enter: "confirm",
  n: "reject",
  " ": "photo",
  x: "toggle",
  a: "select-all",
  b: "bulk-confirm",
  z: "undo",
  t: "tag",
  escape: "clear",
  "?": "help",
};

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
  /** Where the focus is. */
  isInText: boolean;
  isOnControl: boolean;
}

/** What belongs to a control that has the focus stays its own: a button is pressed by Enter and Space. */
const OF_CONTROLS = new Set(["enter", " "]);
const REPEATABLE = new Set<Command>(["next", "previous"]);

export function commandOf(press: KeyPress): Command | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.isInText) return null;
  const key = press.key.toLowerCase();
  if (press.isOnControl && OF_CONTROLS.has(key)) return null;
  const command = COMMANDS[key] ?? null;
  return press.repeat && command !== null && !REPEATABLE.has(command) ? null : command;
}

export const HELP: { keys: string[]; text: string }[] = [
  { keys: ["Y", "Enter"], text: "Confirm: it is this person" },
  { keys: ["N"], text: "Reject: it is somebody else" },
  { keys: ["J", "→", "↓"], text: "Next" },
  { keys: ["K", "←", "↑"], text: "Previous" },
  { keys: ["Space"], text: "Show the whole photo" },
  { keys: ["Z"], text: "Back to the last decision, to decide again" },
  { keys: ["X"], text: "Select or unselect" },
  { keys: ["A"], text: "Select all shown" },
  { keys: ["B"], text: "Confirm all selected" },
  { keys: ["Esc"], text: "Select none" },
  { keys: ["T"], text: "Tag somebody else on this photo" },
  { keys: ["?"], text: "This help" },
];
