/** The shared connection, spoken as an agent: ticket, hello, resume, requests and the outbox. */

import {
  type Connection,
  createConnection,
  createOutbox,
  createRequests,
  idsOf,
  type Outbox,
  type Outcome,
  type Outgoing,
  openShelf,
  openTabs,
  type Prepared,
  quoteIn,
  systemClock,
  transports,
  VERSION,
  withoutLostQuote,
} from "@chat/widget/wire";
import { ApiError } from "../api/http";
import { readLink } from "../state/link";
import type { State } from "../state/state";
import { lastSeq } from "../state/thread";
import { type Desk, openDesk } from "../uploads/desk";
import type { ClientFrame, ConversationId, ServerFrame } from "../wire";
import type { Store } from "./store";

export interface Line {
  readonly outbox: Outbox;
  readonly desk: Desk;
  connection: Connection<ClientFrame>;
  ask(build: (id: number) => ClientFrame): Promise<Outcome>;
  /** The version that the server speaks with us. */
  spoken(): number;
}

interface Parts {
  store: Store;
  socket: string;
  csrf: string;
  me: string;
  ticket(): Promise<string>;
  begun(): void;
}

/** What a ping knows of may be on its way; asking at once would only fetch it twice. */
const GRACE_MS = 2000;
/** The server accepts at most so many threads in a hello. */
const MAX_THREADS = 50;

export function openLine({ store, socket, csrf, me, ticket, begun }: Parts): Line {
  const scope = `console:${me}:`;
  const tab = crypto.randomUUID();
  let pass = "";
  let until = 0;
  let version = 0;
  // The connection tells that it waits, not how long; the clock it sleeps by knows.
  const clock = {
    now: systemClock.now,
    later(ms: number, run: () => void) {
      until = systemClock.now() + ms;
      return systemClock.later(ms, run);
    },
  };

  async function credentials(): Promise<Prepared> {
    try {
      pass = await ticket();
      return "ready";
    } catch (error) {
      return error instanceof ApiError && !error.temporary ? "stop" : "later";
    }
  }

  const connection = createConnection<ServerFrame, ClientFrame>({
    dial: transports(() => socket, { "X-CSRF-Token": csrf }),
    hello: () => hello(store.get(), pass, tab),
    pong: () => ({ t: "pong", seen: store.get().inbox.position }),
    credentials,
    onFrame: received,
    onLink(link) {
      if (link.stage !== "live") requests.disconnected();
      outbox.online(link.stage === "live");
      store.dispatch({ do: "linked", link: readLink(link, until) });
    },
    hidden: () => document.visibilityState === "hidden",
    clock,
    random: Math.random,
  });

  const requests = createRequests<ClientFrame>({
    send: connection.send,
    onSilence: connection.drop,
    clock: systemClock,
  });

  const shelf = openShelf(scope, () => localStorage);
  const desk = openDesk({ scope, csrf, store, shelf });
  const outbox = createOutbox({
    deliver: (message) =>
      withoutLostQuote(message, (wanted) => requests.ask((id) => sendOf(wanted, id))),
    upload: desk.upload,
    onChange: (messages) => store.dispatch({ do: "outbox", outbox: messages }),
    shelf,
    tabs: openTabs(scope, tab, navigator.locks),
    newId: () => crypto.randomUUID(),
    clock: systemClock,
  });

  function received(frame: ServerFrame): void {
    if (frame.t === "reply") {
      requests.answered(frame);
      return;
    }
    store.frame(frame);
    if (frame.t === "welcome") version = frame.v;
    if (frame.t === "welcome" || isAfresh(frame)) begun();
    if (frame.t === "ping" || frame.t === "pong") expect(frame.head ?? 0);
    if (frame.t === "fact") settle([frame]);
    if (frame.t === "facts") settle(frame.facts);
  }

  /** The inbox follows the log; a console that does not get there is missing something, so it resumes. */
  function expect(head: number): void {
    systemClock.later(GRACE_MS, () => {
      const { inbox, link } = store.get();
      if (link.is === "online" && inbox.ready && inbox.position < head) connection.drop();
    });
  }

  function settle(facts: readonly { client_id?: string | undefined }[]): void {
    for (const { client_id } of facts) if (client_id) outbox.settled(client_id);
  }

  return { outbox, desk, connection, ask: requests.ask, spoken: () => version };
}

/** Of several polls at a time only some know which threads are open: whoever begins anew asks. */
function sendOf(message: Outgoing, id: number): ClientFrame {
  const { lane, client_id, text } = message;
  const files = idsOf(message);
  const quote = quoteIn(message, lane);
  const frame = { t: "send", id, conversation: lane, client_id, text, files, quote } as const;
  return message.private ? { ...frame, private: true } : frame;
}

function isAfresh(frame: ServerFrame): boolean {
  return frame.t === "reset" && frame.conversation === undefined;
}

function hello(state: State, ticket: string, tab: string): ClientFrame {
  const frame = { t: "hello", v: VERSION, ticket, tab, threads: heldThreads(state) } as const;
  if (state.epoch === null || !state.inbox.ready) return frame;
  return { ...frame, resume: { epoch: state.epoch, position: state.inbox.position } };
}

/** Threads of which we hold something; an empty one asks for its newest page by itself. */
function heldThreads(state: State): Record<ConversationId, number> {
  const held = Object.values(state.threads).filter((thread) => thread.facts.length > 0);
  return Object.fromEntries(
    held.slice(-MAX_THREADS).map((thread) => [thread.conversation, lastSeq(thread)]),
  );
}
