// The news while the panel is closed: a card with the last message, in the frame's own corner of the page.

import { type ReadonlySignal, useComputed, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Card } from "../../card";
import { type ChatState, unread } from "../../state";
import { isFromAgent } from "../../thread";
import type { Fact, Shelf } from "../../wire";
import { Avatar } from "../avatar";
import { useChat } from "../context";
import { CloseIcon } from "../icons";

const NAME = "peeked";
// Until it has been drawn once: a hidden frame has no heights.
const FIRST_PX = 88;

/** The message to show, if there is one that the visitor has neither read nor put away. */
export function newsOf(state: ChatState, putAway: string | null): Fact | null {
  if (state.shown) return null;
  const last = state.thread.findLast(isFromAgent);
  return last && last.seq > state.read && nameOf(last) !== putAway ? last : null;
}

export function nameOf({ conversation, seq }: Fact): string {
  return `${conversation}:${seq}`;
}

export function keepPutAway(shelf: Shelf, fact: Fact): string {
  const name = nameOf(fact);
  shelf.set(NAME, name);
  return name;
}

export function lastPutAway(shelf: Shelf): string | null {
  return shelf.get(NAME);
}

interface Props {
  news: ReadonlySignal<Fact | null>;
  card: Card;
  putAway(fact: Fact): void;
}

export function Peek({ news, card, putAway }: Props) {
  const isThere = useComputed(() => news.value !== null);
  // Once for each card: from then on it says itself how high it is.
  useSignalEffect(() => {
    card.show(isThere.value ? FIRST_PX : null);
  });
  const fact = news.value;
  return fact && <PeekCard fact={fact} card={card} putAway={() => putAway(fact)} />;
}

interface CardProps {
  fact: Fact;
  card: Card;
  putAway(): void;
}

function PeekCard({ fact, card, putAway }: CardProps) {
  const { session, site, t } = useChat();
  const box = useRef<HTMLElement>(null);
  const count = unread(session.store.state.value);
  const name = fact.from.name ?? site.name;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const height = element.offsetHeight;
      if (height > 0) card.show(height);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [card]);

  return (
    <main class="peek" ref={box}>
      <h1 class="unseen">{site.name}</h1>
      <button type="button" class="peek-open" onClick={card.open}>
        <Avatar name={name} id={fact.from.id} isSite={!fact.from.name} />
        <span class="peek-words">
          <span class="peek-name">
            <bdi>{name}</bdi>
            {count > 1 && <span class="peek-more">{t("new", { count })}</span>}
          </span>
          <span class="peek-text" dir="auto">
            {fact.text || fact.files?.map((file) => file.name).join(", ")}
          </span>
        </span>
      </button>
      <button type="button" class="icon-button" aria-label={t("peek.close")} onClick={putAway}>
        <CloseIcon />
      </button>
    </main>
  );
}
