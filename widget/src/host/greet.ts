// The script of greetings: comes only to sites that have some, and is handed what only we know.

import { make } from "./elements";
import type { Saying } from "./saying";
import type { Settings } from "./settings";

export interface Handed extends Settings {
  /** The launcher's own element, for its looks: side, offsets, colour, corners, language. */
  box: HTMLElement;
  saying: Saying;
  turn(on: boolean): void;
  /** Whether something may be kept, whether there is a conversation, whether this is no time for a greeting. */
  now(): readonly [mayStore: boolean, hasChat: boolean, isBusy: boolean];
  over: AbortSignal;
}

export function bringGreetings(kit: Handed): void {
  try {
    // As the tag that brought us: a page that trusts a nonce trusts this one by it.
    const src = `${new URL(`${kit.found.greetings}`, kit.base)}`;
    make("script", document.head, { src, nonce: kit.own.nonce, kit } as object);
  } catch {
    // Trusted Types: the page wants no scripts but its own, so nothing is said.
  }
}
