// What every view may ask for.

import type { Signal } from "@preact/signals";
import { type ComponentType, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Looks, RatingSettings, Site } from "../boot";
import type { Draft } from "../draft";
import type { EmojiKit } from "../emoji";
import type { Asking, Forms } from "../forms";
import type { Files } from "../kit";
import type { Late } from "../late";
import type { Quoted } from "../rows";
import type { Session } from "../session";
import type { Talk } from "../talk";
import type { Words } from "../text";
import type { Times } from "../times";
import type { Shelf } from "../wire";

export interface After {
  Rating: ComponentType;
  Menu: ComponentType<{ onClose: () => void; onEnd: () => void }>;
}

export interface Chat {
  session: Session;
  site: Site & Asking;
  rating: RatingSettings;
  looks: Looks;
  /** Addresses of agents' own photos, by their ids, as far as they are known. */
  photos: Signal<Readonly<Record<string, string>>>;
  /** Somebody was here before, so there may be a conversation to come. */
  mayResume: boolean;
  t: Words;
  times: Times;
  shelf: Shelf;
  draft: Draft;
  files: Files;
  talk: Talk;
  emoji: Late<EmojiKit>;
  forms: Forms;
  muted: Signal<boolean>;
  /** The message that the next one answers. */
  quoting: Signal<Quoted | null>;
  /** What comes after a chat, loaded when it is wanted. */
  after: Late<After>;
  /** Grows each time that the visitor's focus belongs into the panel; 0: not yet. */
  attention: Signal<number>;
  /** Puts the panel away; null where it is the whole page. */
  close: (() => void) | null;
}

const Context = createContext<Chat | null>(null);

export const ChatProvider = Context.Provider;

export function useChat(): Chat {
  const chat = useContext(Context);
  if (!chat) throw new Error("views live inside a ChatProvider");
  return chat;
}
