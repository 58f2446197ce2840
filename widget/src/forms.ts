// What the site wants to know before a chat, or with a message that nobody is there to take.

import { computed, effect, type ReadonlySignal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Late } from "./late";
import type { ChatState } from "./state";

export type FormKind = "before" | "offline";

export interface FormsKit {
  AskForm: ComponentType<{ kind: FormKind | "soon" }>;
}

export type Forms = Late<FormsKit>;

/** `asks`: the site has forms, and this visitor is not known to have a chat. */
export type Asking = { asks?: boolean };

/** Which form stands where the visitor would write; null: they may write, `soon`: nobody knows yet. */
export function formOf(state: ChatState, site: Asking): FormKind | "soon" | null {
  if (state.conversation !== null) return null;
  if (state.since === null && site.asks && state.outbox.length === 0) return "soon";
  if (state.offline && state.availability === "offline") return "offline";
  return state.before ? "before" : null;
}

/** Calls `load` each time that a form is due. */
export function whenAsked(state: ReadonlySignal<ChatState>, site: Asking, load: () => void): void {
  const isAsked = computed(() => formOf(state.value, site) !== null);
  effect(() => {
    if (isAsked.value) load();
  });
}
