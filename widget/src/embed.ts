// Life inside a host page: what the loader is told, and what it may ask for.

import { computed, effect, type ReadonlySignal } from "@preact/signals";
import { type Host, type Said, trimPage } from "./bridge";
import type { Files } from "./kit";
import type { Session } from "./session";
import { unsent } from "./state";
import type { Words } from "./text";
import { isFromAgent, lastSeq } from "./thread";
import type { Fact, Shelf } from "./wire";

/** Says that there is a conversation, where the frame keeps the token itself. */
export const FLAG = "1";

export interface EmbedOptions {
  host: Host;
  session: Session;
  shelf: Shelf;
  files: Files;
  /** The visitor's token; it leaves this frame only where the frame has no storage. */
  token: ReadonlySignal<string | null>;
  siteName: string;
  t: Words;
  /** The visitor opened the panel and looks at it now. */
  onAttention(): void;
  onSaid(said: Said): void;
}

export function embed({
  host,
  session,
  shelf,
  files,
  token,
  siteName,
  t,
  onAttention,
  onSaid,
}: EmbedOptions): void {
  const { state, unread } = session.store;
  host.onMessage((message) => {
    switch (message.t) {
      case "page":
        session.moved(trimPage(message));
        break;
      case "shown":
        session.shown(message.on);
        if (message.on) onAttention();
        break;
      case "consent":
        break;
      default:
        onSaid(message);
    }
  });

  const hasChat = computed(() => state.value.conversation !== null);
  const keeps = computed(() => {
    const handle = token.value;
    if (!hasChat.value) return null;
    return shelf.remembers() ? FLAG : handle;
  });
  const loses = computed(() =>
    shelf.durable ? files.kit.value?.losing.value === true : unsent(state.value) > 0,
  );
  const availability = computed(() => state.value.availability);
  const newest = computed(() => state.value.thread.findLast(isFromAgent)?.from.name ?? siteName);

  effect(() => {
    if (state.value.since !== null) host.post({ t: "keep", value: keeps.value });
  });
  effect(() => {
    const count = unread.value;
    const text = t("says", { name: newest.value, text: t("new", { count }) });
    host.post({ t: "unread", count, text });
  });
  effect(() => host.post({ t: "unsent", on: loses.value }));
  effect(() => {
    const detail = availability.value;
    if (detail) host.post({ t: "event", name: "availability", detail });
  });
  tellNews(host, session);
}

/** Facts that happen from now on, as events; never the words. */
function tellNews(host: Host, session: Session): void {
  const { state } = session.store;
  let told = 0;
  let conversation: string | null = null;
  effect(() => {
    const { thread, since, conversation: now } = state.value;
    if (now !== conversation) told = 0;
    conversation = now;
    for (const fact of thread)
      if (fact.seq > told && Date.parse(fact.at) > (since ?? 0)) tell(host, fact);
    told = Math.max(told, lastSeq(thread));
  });
}

function tell(host: Host, fact: Fact): void {
  if (fact.kind === "message.sent") {
    const from = isFromAgent(fact) ? "agent" : "visitor";
    host.post({ t: "event", name: "message", detail: { from } });
  }
  if (fact.kind === "conversation.opened") host.post({ t: "event", name: "chat:start" });
  if (fact.kind === "conversation.closed") host.post({ t: "event", name: "chat:end" });
}
