export type Command =
  | "next"
  | "previous"
  | "confirm"
  | "reject"
  | "photo"
  | "select"
  | "select_all"
  | "confirm_selected"
  | "undo"
  | "help";

const COMMANDS: Record<string, Command> = {
  j: "next",
  ArrowRight: "next",
  ArrowDown: "next",
  k: "previous",
  ArrowLeft: "previous",
  ArrowUp: "previous",
  y: "confirm",
  Enter: "confirm",
  n: "reject",
  " ": "photo",
  x: "select",
  a: "select_all",
  b: "confirm_selected",
  z: "undo",
  "?": "help",
};

export const HELP: [keys: string, what: string][] = [
  ["J, K or arrows", "next and previous"],
  ["Y or Enter", "it is this guest"],
  ["N", "it is not"],
  ["Space", "the whole photo"],
  ["X", "select"],
  ["A", "select all that are shown"],
  ["B", "confirm the selected"],
  ["Z", "undo the last decision"],
  ["?", "this list"],
];

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  target: EventTarget | null;
}

/** Nothing while somebody types, works a control, or means the browser. */
export function commandOf({ key, ctrlKey, metaKey, altKey, target }: Pressed): Command | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  const element = target instanceof Element ? target : null;
  if (element?.closest("input, textarea, select, [role=dialog], [role=alertdialog]")) return undefined;
  const isControl = element?.closest("button, a, summary") != null;
  if (isControl && (key === "Enter" || key === " ")) return undefined;
  return COMMANDS[key.length === 1 ? key.toLowerCase() : key];
}
