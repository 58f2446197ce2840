// One visitor's session: puts connection, outbox and state together and turns wishes into frames.

import { type Signal, signal } from "@preact/signals";
import type { Values } from "./bridge";
import { createCatchUp } from "./catchup";
import type { Credentials } from "./credentials";
import { createDelivery } from "./delivery";
import { createInbound } from "./inbound";
import { openMirror } from "./mirror";
import { coalesce, createTyping } from "./signals";
import { createStore, type Store } from "./store";
import { isFromAgent, lastSeq } from "./thread";
import { createWho } from "./who";
import {
  type Clock,
  createConnection,
  createOutbox,
  createRequests,
  type Dial,
  type Form,
  type Outcome,
  type OutgoingFile,
  type Page,
  type Problem,
  type Quote,
  RATINGS,
  type Random,
  type Rate,
  type Shelf,
  type Tabs,
  type Upload,
  unspoken,
  VERSION,
  type VisitorClientMessage,
  type VisitorHello,
  type VisitorServerMessage,
} from "./wire";

export type Rated = Omit<Rate, "t" | "id">;

/** What the visitor clicked on before the panel opened. */
export interface Greeted {
  id: string;
  text: string;
}

export interface Session {
  store: Store;
  greeting: Signal<Greeted | null>;
  start(): void;
  nudge(): void;
  write(text: string, files?: readonly OutgoingFile[], quote?: Quote): void;
  typed(text: string): void;
  retry(clientId: string): void;
  remove(clientId: string): void;
  /** Everything on screen has been seen. */
  seen(): void;
  earlier(): Promise<void>;
  end(): void;
  rate(rating: Rated): Promise<Outcome>;
  shown(on: boolean): void;
  /** The tab came to the front: what is on screen counts as seen from now on. */
  looked(): void;
  moved(page: Page): void;
  /** The site's signed word for who the visitor is. */
  identify(token: string): void;
  /** What the page says of the visitor, unsigned. */
  describe(values: Values): void;
  /** Begins a chat with the answers to a form, and with a first message. What is wrong, if anything. */
  answer(form: Form, text?: string): Promise<Problem | null>;
}

export interface SessionOptions {
  site: string;
  locale: string;
  textChars: number;
  page: Page | null;
  credentials: Credentials;
  shelf: Shelf;
  tabs: Tabs;
  dial: Dial;
  upload: Upload;
  clock: Clock;
  random: Random;
  newId(): string;
  hidden(): boolean;
  /** Whether the site's word was believed, or why not. */
  onKnown?(verified: boolean, code: string | undefined): void;
}

// The visitor has one conversation at a time, so all messages go in one line.
const LANE = "visitor";
const READ_MS = 1_000;

export function createSession(options: SessionOptions): Session {
  const { clock, credentials, tabs } = options;
  const store = createStore(options.textChars);
  const now = () => store.state.value;
  const greeting = signal<Greeted | null>(null);
  let page = options.page;
  let spoken = 0;
  let sent: string | null = null;

  const connection = createConnection<VisitorServerMessage, VisitorClientMessage>({
    dial: options.dial,
    hello,
    pong: () => ({ t: "pong", seen: lastSeq(now().thread) }),
    credentials: credentials.prepare,
    onFrame: (frame) => {
      if (frame.t === "welcome") spoken = frame.v;
      inbound(frame);
    },
    onAlive: () => outbox.online(true), // finds what a tab has left that was closed meanwhile
    onLink: (link) => {
      if (link.stage !== "live") outbox.online(false);
      if (link.stage !== "live") requests.disconnected();
      store.dispatch({ kind: "link", stage: link.stage, code: link.code });
    },
    hidden: options.hidden,
    clock,
    random: options.random,
  });
  const requests = createRequests<VisitorClientMessage>({
    send: connection.send,
    onSilence: connection.drop,
    clock,
  });
  const outbox = createOutbox({
    deliver: createDelivery({
      requests,
      conversation: () => now().conversation,
      onConversation: began,
      greeting: () => greeting.value?.id,
      newId: options.newId,
    }),
    upload: options.upload,
    onChange: (messages) => store.dispatch({ kind: "outbox", messages }),
    shelf: options.shelf,
    tabs,
    newId: options.newId,
    clock,
  });
  const catchUp = createCatchUp({ store, requests, giveUp: connection.drop, clock });
  const mirror = openMirror((news) => {
    if (news.kind === "read") store.dispatch(news);
    else join(news.conversation);
  });
  const tellRead = coalesce(clock, READ_MS, (seq: number) =>
    tell((conversation) => ({ t: "read", conversation, seq })),
  );
  const comeAgain = () => {
    const { stage } = connection.link();
    if (stage !== "greeting" && stage !== "live") return;
    connection.stop();
    connection.start();
  };
  const who = createWho({
    requests,
    comeAgain,
    onKnown: (verified, code) => options.onKnown?.(verified, code),
  });
  const inbound = createInbound({
    store,
    requests,
    outbox,
    lane: LANE,
    catchUp,
    credentials,
    shelf: options.shelf,
    sent: () => sent,
    comeAgain,
    who,
    mirror,
    tellRead,
    clock,
  });
  const typing = createTyping(clock, {
    shares: () => now().drafts,
    tell: (on, draft) => tell((conversation) => ({ t: "typing", conversation, on, draft })),
  });

  function hello(): VisitorHello {
    sent = credentials.token.value;
    const { conversation, epoch, thread } = now();
    const seq = lastSeq(thread);
    return {
      t: "hello",
      v: VERSION,
      site: options.site,
      ticket: credentials.ticket(),
      tab: tabs.name,
      token: sent ?? undefined,
      resume: conversation && epoch && seq > 0 ? { conversation, epoch, seq } : undefined,
      page: page ?? undefined,
      locale: options.locale,
      identity: who.identity(),
    };
  }

  /** Another tab began a conversation: `open` makes the server tell this tab about it too. */
  function join(conversation: string): void {
    if (now().conversation === conversation) return;
    void requests.ask((id) => ({ t: "open", id, client_id: options.newId() }));
  }

  function began(id: string): void {
    store.dispatch({ kind: "conversation", id });
    mirror.tell({ kind: "began", conversation: id });
    greeting.value = null; // the conversation knows it now, and the next one has nothing of it
  }

  function tell(frame: (conversation: string) => VisitorClientMessage): void {
    const { conversation } = now();
    if (conversation !== null) connection.send(frame(conversation));
  }

  function seen(): void {
    const { conversation, thread, read } = now();
    const seq = thread.findLast(isFromAgent)?.seq ?? 0;
    if (conversation === null || seq <= read) return;
    const news = { kind: "read", conversation, seq } as const;
    store.dispatch(news);
    mirror.tell(news);
    tellRead(seq);
  }

  async function answer(form: Form, text?: string): Promise<Problem | null> {
    const client_id = options.newId();
    const open = { t: "open", client_id, form, greeting: greeting.value?.id } as const;
    const outcome = await requests.ask((id) => ({ ...open, id }));
    if ("error" in outcome) return outcome.error;
    if (outcome.ok.conversation) began(outcome.ok.conversation);
    if (text) outbox.add({ lane: LANE, text, files: undefined });
    return null;
  }

  async function end(): Promise<void> {
    const { conversation, thread } = now();
    if (conversation === null) return;
    const expect_seq = lastSeq(thread);
    await requests.ask((id) => ({ t: "close", id, conversation, expect_seq }));
  }

  return {
    store,
    greeting,
    start: connection.start,
    nudge: connection.nudge,
    write: (text, files, quote) => {
      outbox.add({ lane: LANE, text, files, quote });
      typing.sent();
    },
    typed: typing.typed,
    retry: outbox.retry,
    remove: outbox.remove,
    seen,
    earlier: catchUp.earlier,
    end: () => void end(),
    rate: async (rating) =>
      spoken < RATINGS ? { error: unspoken } : requests.ask((id) => ({ t: "rate", id, ...rating })),
    shown: (on) => store.dispatch({ kind: "shown", on }),
    looked: () => store.dispatch({ kind: "shown", on: now().shown }),
    moved: (next) => {
      page = next;
      connection.send({ t: "page", url: next.url, title: next.title });
    },
    identify: who.identify,
    describe: who.describe,
    answer,
  };
}
