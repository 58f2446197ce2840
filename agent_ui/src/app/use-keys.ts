/** Listens to the keyboard for the whole console. */

import { systemClock } from "@chat/widget/wire";
import { useEffect } from "react";
import { useCommands } from "./commands";
import { readKey } from "./keys";

const PREFIX_MS = 1200;

export function useKeys(): void {
  const commands = useCommands();
  useEffect(() => {
    let prefixUntil = 0;
    const pressed = (event: KeyboardEvent): void => {
      if (event.isComposing || event.defaultPrevented) return;
      const target = event.target as HTMLElement | null;
      const inDialog =
        target?.closest?.('[role="dialog"], [role="menu"], [role="listbox"]') != null;
      const mod = event.ctrlKey || event.metaKey;
      const inText = inDialog || isText(target);
      const { command, prefix } = readKey(systemClock.now() < prefixUntil, {
        key: event.key,
        mod,
        alt: event.altKey,
        inText,
      });
      prefixUntil = prefix ? systemClock.now() + PREFIX_MS : 0;
      if (command !== null && commands.run(command)) event.preventDefault();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [commands]);
}

function isText(target: HTMLElement | null): boolean {
  return (
    target !== null &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
