// What shows a conversation. It comes right after the panel, which can be written in without it.

import type { ComponentType } from "preact";
import type { Late } from "./late";
import type { Quoted } from "./rows";

export interface TalkKit {
  Thread: ComponentType;
  Notice: ComponentType;
  EndQuestion: ComponentType<{ onAnswer: (yes: boolean) => void }>;
  Announcer: ComponentType;
  /** What is being answered, above the field. */
  Quoting: ComponentType<{ quoted: Quoted }>;
}

export type Talk = Late<TalkKit>;
