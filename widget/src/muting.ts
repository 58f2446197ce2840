// Whether the visitor wants to hear sounds; remembered in this browser.

import { effect, type Signal, signal } from "@preact/signals";
import type { Shelf } from "./wire";

const NAME = "muted";

export function openMuting(shelf: Shelf): Signal<boolean> {
  const muted = signal(shelf.get(NAME) !== null);
  effect(() => {
    if (muted.value) shelf.set(NAME, "1");
    else shelf.remove(NAME);
  });
  return muted;
}
