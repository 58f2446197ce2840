// A rating that is being given: kept over reloads, and sent until the server has it.

import type { Shelf } from "../../wire";

export interface RatingDraft {
  score: number;
  resolved: boolean | null;
  reasons: string[];
  comment: string;
  /** Set once it was sent: the same name until there is an answer. */
  client_id?: string;
}

const SKIPPED = "skipped";
const NAME = "rating.";

export interface Drafts {
  get(key: string): RatingDraft | "skipped" | null;
  set(key: string, draft: RatingDraft | "skipped"): void;
  remove(key: string): void;
}

/** Of the asking of this moment alone: older ones are over. */
export function openDrafts(shelf: Shelf): Drafts {
  return {
    get(key) {
      const text = shelf.get(NAME + key);
      if (text === null || text === SKIPPED) return text as "skipped" | null;
      return JSON.parse(text) as RatingDraft;
    },
    set(key, draft) {
      for (const name of shelf.names())
        if (name.startsWith(NAME) && name !== NAME + key) shelf.remove(name);
      shelf.set(NAME + key, draft === SKIPPED ? SKIPPED : JSON.stringify(draft));
    },
    remove: (key) => shelf.remove(NAME + key),
  };
}
