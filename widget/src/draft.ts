// The text being written: kept over a reload, and until it is sent.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Shelf } from "./wire";

export interface Draft {
  text: ReadonlySignal<string>;
  change(text: string): void;
  /** Words that a page puts into the visitor's mouth: never over words that are there. */
  propose(text: string): void;
}

const NAME = "draft";

export function openDraft(shelf: Shelf): Draft {
  const text = signal(shelf.get(NAME) ?? "");

  function change(next: string): void {
    text.value = next;
    if (next === "") shelf.remove(NAME);
    else shelf.set(NAME, next);
  }

  return {
    text,
    change,
    propose: (next) => {
      if (text.value.trim() === "") change(next);
    },
  };
}
