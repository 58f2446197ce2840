// What the panel knows, and how each piece of news changes it. Pure: no clock, no DOM, no sockets.

import * as frames from "./frames";
import { isFromAgent, lastSeq, type Thread } from "./thread";
import type {
  Author,
  Availability,
  FormAsk,
  Limits,
  Outgoing,
  Phase,
  Stage,
  VisitorServerMessage,
} from "./wire";

export interface ChatState {
  stage: Stage;
  /** Why the connection stopped for good, when it did. */
  stopCode: number | null;
  /** Whether this page has ever been connected: "connecting" and "connection lost" are two things. */
  wasLive: boolean;
  /** The server's time when it first welcomed this page; what is older is history. */
  since: number | null;
  availability: Availability | null;
  /** When a site that is closed by its hours opens again. */
  reopening: string | null;
  /** Agents see what is written here before it is sent; the visitor is told so beside the field. */
  drafts: boolean;
  epoch: string | null;
  conversation: string | null;
  phase: Phase;
  thread: Thread;
  /** The furthest number we were sent; more than we hold means that some between are missing. */
  told: number;
  /** Conversations that ended while this page was open, still on screen above the present one. */
  past: Thread;
  outbox: readonly Outgoing[];
  /** The visitor's own read mark, and the furthest of any agent. */
  read: number;
  agentRead: number;
  typing: Author | null;
  /** Whether the visitor can see the panel. */
  shown: boolean;
  loadingEarlier: boolean;
  textChars: number;
  /** What the server said that it takes; nothing yet when it has not spoken. */
  limits: Limits | null;
  /** What the site still asks for, before a chat or with a message while nobody is there. */
  before: FormAsk | null;
  offline: FormAsk | null;
  /** The visitor's address, where answers go. */
  email: string | null;
}

export type Action =
  | { kind: "frame"; frame: VisitorServerMessage }
  | { kind: "link"; stage: Stage; code: number | null }
  | { kind: "outbox"; messages: readonly Outgoing[] }
  | { kind: "conversation"; id: string }
  | { kind: "history"; conversation: string; facts: Thread }
  | { kind: "earlier"; loading: boolean }
  | { kind: "quiet" }
  /** Somebody else sits here now. */
  | { kind: "stranger" }
  | { kind: "shown"; on: boolean }
  | { kind: "read"; conversation: string; seq: number };

export function initialState(textChars: number): ChatState {
  return {
    stage: "off",
    stopCode: null,
    wasLive: false,
    since: null,
    availability: null,
    reopening: null,
    drafts: false,
    epoch: null,
    conversation: null,
    phase: "closed",
    thread: [],
    told: 0,
    past: [],
    outbox: [],
    read: 0,
    agentRead: 0,
    typing: null,
    shown: false,
    loadingEarlier: false,
    textChars,
    limits: null,
    before: null,
    offline: null,
    email: null,
  };
}

export function reduce(state: ChatState, action: Action): ChatState {
  switch (action.kind) {
    case "frame":
      return frames.received(state, action.frame);
    case "link":
      return linked(state, action.stage, action.code);
    case "outbox":
      return { ...state, outbox: action.messages };
    case "conversation":
      return frames.enter(state, action.id);
    case "history":
      return action.conversation === state.conversation ? frames.add(state, action.facts) : state;
    case "earlier":
      return { ...state, loadingEarlier: action.loading };
    case "stranger":
      return frames.emptied(state);
    case "quiet":
      return { ...state, typing: null };
    case "shown":
      return { ...state, shown: action.on };
    case "read":
      return action.conversation === state.conversation && action.seq > state.read
        ? { ...state, read: action.seq }
        : state;
  }
}

/** Agents' messages that the visitor has not seen. */
export function unread(state: ChatState): number {
  return state.thread.filter((fact) => isFromAgent(fact) && fact.seq > state.read).length;
}

/** Numbers are missing between what we hold and what we were sent. */
export function hasHole(state: ChatState): boolean {
  return state.told > lastSeq(state.thread);
}

/** Text that would be lost if this page went away now. */
export function unsent(state: ChatState): number {
  return state.outbox.filter((m) => m.state === "waiting" || m.state === "sending").length;
}

/** The connection was there and is lost, or cannot be had: what is written waits. */
export function isCut({ stage, wasLive }: ChatState): boolean {
  const isComing = stage === "off" || stage === "live";
  return !isComing && (wasLive || stage === "waiting" || stage === "stopped");
}

function linked(state: ChatState, stage: Stage, code: number | null): ChatState {
  const live = stage === "live";
  return {
    ...state,
    stage,
    stopCode: code,
    wasLive: state.wasLive || live,
    typing: live ? state.typing : null,
  };
}
