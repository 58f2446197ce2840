// What shows a conversation. It comes right after the panel, which can be written in without it.

import type { ReadonlySignal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Late } from "./late";
import type { Quoted } from "./rows";

export interface ToolsProps {
  onPick(sign: string): void;
  /** The focus goes back to the field. */
  onDone(): void;
}

export interface TalkKit {
  Thread: ComponentType;
  Notice: ComponentType;
  EndQuestion: ComponentType<{ onAnswer: (yes: boolean) => void }>;
  Announcer: ComponentType;
  /** Beside the field. */
  Tools: ComponentType<ToolsProps>;
  /** What shows of the news while the panel is closed, instead of the panel. */
  Peek: ComponentType;
  isPeeking: ReadonlySignal<boolean>;
  /** What is being answered, above the field. */
  Quoting: ComponentType<{ quoted: Quoted }>;
}

export type Talk = Late<TalkKit>;
