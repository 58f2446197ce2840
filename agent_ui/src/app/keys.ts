/** Which keys mean which command. Pure: the listener is in use-keys. */

import type { Command } from "./commands";

export interface Binding {
  readonly command: Command;
  /** As shown to people; `Mod` is Ctrl or ⌘. */
  readonly keys: readonly string[];
}

export const bindings: readonly Binding[] = [
  { command: "palette", keys: ["Mod", "K"] },
  { command: "next", keys: ["J"] },
  { command: "previous", keys: ["K"] },
  { command: "take", keys: ["T"] },
  { command: "reply", keys: ["R"] },
  { command: "note", keys: ["N"] },
  { command: "close", keys: ["E"] },
  { command: "askRating", keys: ["A"] },
  { command: "inbox", keys: ["G", "I"] },
  { command: "transcripts", keys: ["G", "T"] },
  { command: "canned", keys: ["G", "C"] },
  { command: "sites", keys: ["G", "S"] },
  { command: "people", keys: ["G", "P"] },
  { command: "mail", keys: ["G", "M"] },
  { command: "keys", keys: ["?"] },
];

const single: Readonly<Record<string, Command>> = {
  j: "next",
  k: "previous",
  t: "take",
  r: "reply",
  n: "note",
  e: "close",
  a: "askRating",
  "?": "keys",
};

const afterG: Readonly<Record<string, Command>> = {
  i: "inbox",
  t: "transcripts",
  c: "canned",
  s: "sites",
  p: "people",
  m: "mail",
};

export interface Pressed {
  readonly key: string;
  readonly mod: boolean;
  readonly alt: boolean;
  /** The key goes into a text field, so plain letters are text. */
  readonly inText: boolean;
}

export interface Reading {
  readonly command: Command | null;
  /** A `g` was pressed: the next letter says where to go. */
  readonly prefix: boolean;
}

export function readKey(prefix: boolean, { key, mod, alt, inText }: Pressed): Reading {
  const letter = key.toLowerCase();
  if (mod && letter === "k") return { command: "palette", prefix: false };
  if (alt && key === "ArrowDown") return { command: "next", prefix: false };
  if (alt && key === "ArrowUp") return { command: "previous", prefix: false };
  if (mod || alt || inText) return { command: null, prefix: false };
  if (prefix) return { command: afterG[letter] ?? null, prefix: false };
  if (letter === "g") return { command: null, prefix: true };
  return { command: single[letter] ?? null, prefix: false };
}
