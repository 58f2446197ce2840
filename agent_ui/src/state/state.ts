/** The whole live state of the console, and the two tables that change it: by frame and by intent. */

import type { Outgoing } from "@chat/widget/wire";
import type {
  Agent,
  AgentFrame,
  AgentStatus,
  Bus,
  ConversationId,
  Fact,
  Limits,
  Problem,
  ServerFrame,
  Storage,
} from "../wire";
import * as inbox from "./inbox";
import type { Link } from "./link";
import * as people from "./people";
import * as thread from "./thread";
import * as typing from "./typing";

export interface State {
  readonly link: Link;
  readonly me: string;
  readonly status: AgentStatus;
  /** When the session ends, once that is near. */
  readonly endsAt: number | null;
  /** Whether the server can store what we send. */
  readonly storage: Storage;
  /** Whether the server's nodes hear each other. */
  readonly bus: Bus;
  readonly epoch: string | null;
  /** What the server takes; null until it has spoken. */
  readonly limits: Limits | null;
  readonly inbox: inbox.Inbox;
  readonly threads: Readonly<Record<ConversationId, thread.Thread>>;
  readonly people: people.People;
  readonly typing: typing.Typing;
  /** Messages of ours that no fact has shown back yet. */
  readonly outbox: readonly Outgoing[];
}

export type Intent =
  | { readonly do: "linked"; readonly link: Link }
  | { readonly do: "open"; readonly conversation: ConversationId }
  | { readonly do: "leave"; readonly conversation: ConversationId }
  | { readonly do: "loadEarlier"; readonly conversation: ConversationId }
  | {
      readonly do: "earlier";
      readonly conversation: ConversationId;
      readonly facts: readonly Fact[];
    }
  | {
      readonly do: "threadFailed";
      readonly conversation: ConversationId;
      readonly problem: Problem;
    }
  | { readonly do: "read"; readonly conversation: ConversationId }
  | { readonly do: "outbox"; readonly outbox: readonly Outgoing[] }
  | { readonly do: "status"; readonly status: AgentStatus }
  | { readonly do: "colleagues"; readonly list: readonly people.Colleague[] }
  | { readonly do: "tick"; readonly now: number };

type Frames = {
  readonly [T in ServerFrame["t"]]: (state: State, frame: AgentFrame<T>, now: number) => State;
};
type Intents = {
  readonly [D in Intent["do"]]: (state: State, intent: Extract<Intent, { do: D }>) => State;
};

export function initialState(me: string): State {
  return {
    link: { is: "connecting" },
    me,
    status: "offline",
    endsAt: null,
    storage: "ok",
    bus: "ok",
    epoch: null,
    limits: null,
    inbox: inbox.emptyInbox,
    threads: {},
    people: {},
    typing: {},
    outbox: [],
  };
}

const same = (state: State): State => state;

const frames: Frames = {
  welcome: (state, frame) => ({
    ...(state.epoch === null || state.epoch === frame.epoch
      ? state
      : reset(state, { t: "reset", epoch: frame.epoch })),
    link: { is: "online" },
    epoch: frame.epoch,
    endsAt: null,
    limits: frame.limits,
    status: frame.status,
    storage: frame.storage ?? "ok",
    bus: frame.bus ?? "ok",
  }),
  inbox: (state, frame) => ({
    ...state,
    inbox: inbox.applyInbox(
      state.inbox,
      frame,
      (row) => row.conversation in state.threads || inbox.isOurs(row, state.me),
    ),
  }),
  fact: (state, frame) => ({
    ...withThread(state, frame.conversation, (held) => thread.append(held, [frame])),
    typing: typing.written(state.typing, frame),
  }),
  facts: (state, frame) =>
    withThread(state, frame.conversation, (held) => thread.page(held, frame.facts)),
  signal: (state, frame, now) => ({
    ...state,
    typing: typing.applyTyping(state.typing, frame, now),
  }),
  state: (state, frame) => applyStateFrame(state, frame),
  reset: (state, frame) => reset(state, frame),
  reply: same,
  error: same,
  ping: same,
  pong: same,
  expiring: (state, frame, now) => ({ ...state, endsAt: endOf(frame.in, now) }),
  drain: same,
};

const intents: Intents = {
  linked: (state, { link }) => ({ ...state, link }),
  open: (state, { conversation }) =>
    conversation in state.threads
      ? state
      : {
          ...state,
          threads: { ...state.threads, [conversation]: thread.openThread(conversation) },
        },
  leave: (state, { conversation }) => {
    const { [conversation]: _, ...threads } = state.threads;
    return { ...state, threads, inbox: inbox.dropGone(state.inbox, conversation, state.me) };
  },
  loadEarlier: (state, { conversation }) =>
    withThread(state, conversation, (held) => ({ ...held, loading: "earlier", problem: null })),
  earlier: (state, { conversation, facts }) =>
    withThread(state, conversation, (held) => thread.prepend(held, facts)),
  threadFailed: (state, { conversation, problem }) =>
    withThread(state, conversation, (held) => thread.fail(held, problem)),
  read: (state, { conversation }) => ({
    ...state,
    inbox: inbox.setUnread(state.inbox, conversation, 0),
  }),
  outbox: (state, { outbox }) => ({ ...state, outbox }),
  status: (state, { status }) => ({ ...state, status }),
  colleagues: (state, { list }) => ({ ...state, people: people.seed(state.people, list) }),
  tick: (state, { now }) => {
    const alive = typing.expireTyping(state.typing, now);
    return alive === state.typing ? state : { ...state, typing: alive };
  },
};

/** The compiler holds both tables complete; the casts only tie a key to its own value. */
export function applyFrame(state: State, frame: ServerFrame, now: number): State {
  const apply = frames[frame.t] as ((s: State, f: ServerFrame, n: number) => State) | undefined;
  return apply === undefined ? state : apply(state, frame, now);
}

export function applyIntent(state: State, intent: Intent): State {
  return (intents[intent.do] as (s: State, i: Intent) => State)(state, intent);
}

function withThread(
  state: State,
  conversation: ConversationId,
  change: (held: thread.Thread) => thread.Thread,
): State {
  const held = state.threads[conversation];
  if (held === undefined) return state;
  const next = change(held);
  return next === held ? state : { ...state, threads: { ...state.threads, [conversation]: next } };
}

function applyStateFrame(state: State, frame: AgentFrame<"state">): State {
  const { conversation, seq, visitor, agent, status, unread, storage, bus } = frame;
  switch (frame.kind) {
    case "read":
      return conversation
        ? withThread(state, conversation, (held) => thread.readByVisitor(held, seq ?? 0))
        : state;
    case "visitor":
      return visitor ? { ...state, inbox: inbox.setVisitor(state.inbox, visitor) } : state;
    case "unread":
      return conversation
        ? { ...state, inbox: inbox.setUnread(state.inbox, conversation, unread ?? 0) }
        : state;
    case "storage":
      return { ...state, storage: storage ?? "ok" };
    case "bus":
      return { ...state, bus: bus ?? "ok" };
    case "agent":
      return agent ? withStatus(state, agent, status ?? "offline") : state;
    default:
      return unknown(frame.kind, state);
  }
}

/** A newer server may say what we do not know; the compiler makes sure that we know all of today's. */
function unknown(_kind: never, state: State): State {
  return state;
}

function withStatus(state: State, agent: Agent, status: AgentStatus): State {
  const next = { ...state, people: people.setStatus(state.people, agent, status) };
  return agent.id === state.me ? { ...next, status } : next;
}

/** Nearer than this is worth a word; the server tells of a later end when it was put off. */
const NEAR_SECONDS = 600;

function endOf(seconds: number, now: number): number | null {
  return seconds <= NEAR_SECONDS ? now + seconds * 1000 : null;
}

/** Our copy cannot be continued: of one thread, or of everything. */
function reset(state: State, frame: AgentFrame<"reset">): State {
  if (frame.conversation)
    return withThread(state, frame.conversation, (held) => ({
      ...held,
      facts: [],
      loading: "first",
      gap: false,
    }));
  const threads = Object.fromEntries(
    Object.keys(state.threads).map((id) => [id, thread.openThread(id)]),
  );
  return { ...state, epoch: frame.epoch, inbox: inbox.emptyInbox, threads, typing: {} };
}
