// Puts together what shows a conversation: its rows, and the views that draw and say them.

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Card } from "../../card";
import type { Session } from "../../session";
import talkStyles from "../../style/talk.css?inline";
import type { TalkKit } from "../../talk";
import { type Shelf, systemClock } from "../../wire";
import { wear } from "../wear";
import { Announcer } from "./announcer";
import { SharedProvider } from "./context";
import { EndQuestion } from "./ending";
import { Notice } from "./notice";
import { keepPutAway, lastPutAway, newsOf, Peek } from "./peek";
import { meetFaces, type Photos } from "./photos";
import { Quoting } from "./quote";
import { createRows } from "./rows";
import { inOneTab, openChime, soundNews } from "./sound";
import { Thread } from "./thread";
import { Tools } from "./tools";

/** Null where a browser has no sounds, or has too many already. */
function openAudio(): AudioContext | null {
  try {
    return new AudioContext();
  } catch {
    return null;
  }
}

export interface TalkOptions {
  session: Session;
  shelf: Shelf;
  muted: ReadonlySignal<boolean>;
  /** Null where the panel cannot be closed. */
  card: Card | null;
  photos: Signal<Photos>;
  /** The site's key. */
  site: string;
}

export function createTalk(options: TalkOptions): TalkKit {
  const { shelf, muted, card } = options;
  const { store } = options.session;
  wear(talkStyles);
  meetFaces(store, options.site, options.photos);
  const putAway = signal(lastPutAway(shelf));
  const news = computed(() => (card ? newsOf(store.state.value, putAway.value) : null));
  const chime = openChime(document, openAudio);
  const play = () => void inOneTab(navigator.locks, "chat-sound", chime);
  const isAway = () => document.hidden || !store.state.peek().shown || !document.hasFocus();
  soundNews({ store, muted, isAway, play, clock: systemClock });
  const shared = { rows: createRows(store), reached: signal(null), voice: signal("") };
  const within = (Part: ComponentType) => () => (
    <SharedProvider value={shared}>
      <Part />
    </SharedProvider>
  );
  return {
    Thread: within(Thread),
    Announcer: within(Announcer),
    Notice,
    EndQuestion,
    Quoting,
    Tools,
    Peek: () =>
      card && (
        <Peek
          news={news}
          card={card}
          putAway={(fact) => {
            putAway.value = keepPutAway(shelf, fact);
          }}
        />
      ),
    isPeeking: computed(() => news.value !== null),
  };
}
