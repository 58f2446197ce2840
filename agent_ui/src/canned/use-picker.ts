/** The canned-reply picker of a text field: opens on a mark, moves by arrows, inserts at the cursor. */

import { type KeyboardEvent, useDeferredValue, useId, useMemo, useState } from "react";
import type { CannedReply } from "../api/types";
import { findTrigger, type Trigger } from "./insert";
import { matchCanned } from "./match";
import { useCanned } from "./queries";
import { type Filled, fill, type VariableValues } from "./variables";

export interface PickerState {
  readonly isOpen: boolean;
  readonly isLoading: boolean;
  readonly found: readonly CannedReply[];
  readonly active: number;
  readonly listId: string;
  readonly query: string;
  preview(reply: CannedReply): string;
  choose(index: number): void;
  point(index: number): void;
}

export interface PickerField {
  /** The field's text or cursor changed. */
  look(text: string, caret: number): void;
  close(): void;
  /** True when the key was the picker's. */
  pressed(event: KeyboardEvent<HTMLTextAreaElement>): boolean;
  readonly fieldProps: {
    readonly "aria-autocomplete": "list";
    readonly "aria-haspopup": "listbox";
    readonly "aria-controls": string | undefined;
    readonly "aria-activedescendant": string | undefined;
  };
}

interface Options {
  values: VariableValues;
  insert(start: number, end: number, filled: Filled): void;
}

export function usePicker({ values, insert }: Options): PickerState & PickerField {
  const listId = useId();
  const [trigger, setTrigger] = useState<Trigger | null>(null);
  const [dismissed, setDismissed] = useState<number | null>(null);
  const [active, setActive] = useState(0);
  const isOpen = trigger !== null && trigger.start !== dismissed;
  const query = trigger?.query ?? "";
  const { found, isLoading } = useFound(query, isOpen);

  function choose(index: number): void {
    const reply = found[index];
    if (trigger === null || reply === undefined) return;
    setTrigger(null);
    insert(trigger.start, trigger.start + 1 + trigger.query.length, fill(reply.text, values));
  }

  function workOf({ key, shiftKey }: KeyboardEvent): (() => void) | null {
    if (key === "Escape") return () => setDismissed(trigger?.start ?? null);
    if (found.length === 0) return null;
    if (key === "ArrowDown") return () => setActive((active + 1) % found.length);
    if (key === "ArrowUp") return () => setActive((active - 1 + found.length) % found.length);
    if (key === "Tab" || (key === "Enter" && !shiftKey)) return () => choose(active);
    return null;
  }

  return {
    isOpen,
    isLoading,
    found,
    active: Math.min(active, Math.max(0, found.length - 1)),
    listId,
    query,
    preview: (reply) => fill(reply.text, values).text,
    choose,
    point: setActive,
    look(text, caret) {
      const next = findTrigger(text, caret);
      if (next?.start !== trigger?.start || next?.query !== trigger?.query) setActive(0);
      if (next === null) setDismissed(null);
      setTrigger(next);
    },
    close: () => setTrigger(null),
    pressed(event) {
      const work = isOpen ? workOf(event) : null;
      if (work === null) return false;
      event.preventDefault();
      work();
      return true;
    },
    fieldProps: {
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-controls": isOpen ? listId : undefined,
      "aria-activedescendant": isOpen && found.length > 0 ? `${listId}-${active}` : undefined,
    },
  };
}

/** One page is searched here, at once; more than a page is searched by the server. */
function useFound(query: string, isOpen: boolean) {
  const wanted = useDeferredValue(query);
  const all = useCanned("", isOpen);
  const needsServer = all.data?.next != null && wanted !== "";
  const searched = useCanned(wanted, isOpen && needsServer);
  const replies = (needsServer ? searched.data : all.data)?.items;
  const found = useMemo(() => matchCanned(replies ?? [], query), [replies, query]);
  return { found, isLoading: all.isLoading };
}
