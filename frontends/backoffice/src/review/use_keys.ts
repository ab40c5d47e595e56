import { useEffect, useEffectEvent } from "react";
import { type Command, commandOf } from "./keys";

const TEXT = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const CONTROL = "button, a, [role=button], [role=tab], [role=checkbox], [role=switch], input";

/** Listens on the whole window while `isOn`. */
export function useKeys(isOn: boolean, onCommand: (command: Command) => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const focus = event.target instanceof Element ? event.target : null;
    const command = commandOf({
      key: event.key,
      ctrlKey: event.ctrlKey,
      metaKey: event.metaKey,
      altKey: event.altKey,
      repeat: event.repeat,
      isInText: focus?.closest(TEXT) !== null && focus !== null,
      isOnControl: focus?.closest(CONTROL) !== null && focus !== null,
    });
    if (command === null) return;
    if (command !== "clear") event.preventDefault();
    onCommand(command);
  });
  useEffect(() => {
    if (!isOn) return;
    const listener = (event: KeyboardEvent) => press(event);
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, [isOn]);
}
