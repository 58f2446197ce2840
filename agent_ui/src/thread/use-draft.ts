/** What was typed and not sent, per chat and kind; a reload of the tab does not lose it. */

import { useCallback, useState } from "react";
import type { ConversationId } from "../wire";

export type Mode = "reply" | "note";

export function useDraft(
  conversation: ConversationId,
  mode: Mode,
): readonly [string, (text: string) => void] {
  const name = `draft:${conversation}:${mode}`;
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({});
  const set = useCallback(
    (text: string) => {
      setDrafts((before) => ({ ...before, [name]: text }));
      keep(name, text);
    },
    [name],
  );
  return [drafts[name] ?? kept(name), set];
}

function kept(name: string): string {
  try {
    return sessionStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

function keep(name: string, text: string): void {
  try {
    if (text === "") sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, text);
  } catch {
    // Storage is full or forbidden: the draft lives as long as the screen.
  }
}
