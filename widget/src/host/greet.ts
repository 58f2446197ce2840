// The script of greetings: comes only to sites that have some, and is handed what only we know.

import type { Kit } from "../greetings/kit";
import type { Settings } from "./settings";

export function bringGreetings(
  { own, found, key, base }: Settings,
  box: HTMLElement,
  part: Omit<Kit, "key" | "base" | "box" | "close" | "mode">,
): void {
  const script = document.createElement("script");
  const kit: Kit = {
    ...part,
    key,
    base,
    box,
    close: found.words?.close ?? "Close",
    mode: own.consent ?? found.consent ?? "",
  };
  try {
    // As the tag that brought us: a page that trusts a nonce trusts this one by it.
    Object.assign(script, { src: new URL(`${found.greetings}`, base), nonce: own.nonce, kit });
    document.head.append(script);
  } catch {
    // Trusted Types: the page wants no scripts but its own, so nothing is said.
  }
}
