// What each frame of the server makes of the state.

import type { ChatState } from "./state";
import { isFromAgent, lastSeq, merge, phaseAfter, type Thread } from "./thread";
import type {
  Fact,
  Head,
  Reset,
  Signal,
  VisitorServerMessage,
  VisitorState,
  VisitorWelcome,
} from "./wire";

export function received(state: ChatState, frame: VisitorServerMessage): ChatState {
  switch (frame.t) {
    case "welcome":
      return welcomed(state, frame);
    case "fact":
      return arrived(state, frame.conversation, [frame]);
    case "facts":
      return arrived(state, frame.conversation, frame.facts);
    case "state":
      return told(state, frame);
    case "signal":
      return signalled(state, frame);
    case "reset":
      return dropped(state, frame);
    case "reply": // answers go to who asked: requests.ts
    case "error":
    case "ping":
    case "pong":
    case "expiring":
    case "drain":
      return state;
    default:
      return unknown(frame, state);
  }
}

/** Makes `id` the present conversation; what was said in another one stays on screen above it. */
export function enter(state: ChatState, id: string): ChatState {
  if (state.conversation === id) return state;
  return {
    ...state,
    conversation: id,
    phase: "queued",
    past: [...state.past, ...state.thread],
    ...nothingHeld,
  };
}

export function add(state: ChatState, facts: Thread): ChatState {
  const thread = merge(state.thread, facts);
  const news = thread.filter((fact) => fact.seq > lastSeq(state.thread));
  return {
    ...state,
    thread,
    told: Math.max(state.told, ...facts.map((fact) => fact.seq)),
    phase: news.reduce(phaseAfter, state.phase),
    typing: news.some(isFromAgent) ? null : state.typing,
  };
}

const nothingHeld = { thread: [], told: 0, read: 0, agentRead: 0, typing: null } as const;

/** Nothing of who was here before. */
export function emptied(state: ChatState): ChatState {
  return { ...state, ...nothingHeld, past: [], conversation: null, phase: "closed" };
}

function welcomed(state: ChatState, frame: VisitorWelcome): ChatState {
  const { epoch, availability, limits, drafts = false, before = null, offline = null } = frame;
  const asked = { before, offline, email: frame.you.email ?? null };
  const reopening = frame.next_opening ?? null;
  const known = state.epoch === null || state.epoch === epoch;
  const kept = known ? state : { ...state, ...nothingHeld, past: [] };
  const since = state.since ?? Date.parse(frame.now);
  const textChars = limits.text_chars;
  const door = { availability, reopening };
  const next = { ...kept, since, epoch, drafts, limits, textChars, ...door, ...asked };
  return frame.conversation ? headed(next, frame.conversation) : forgotten(next);
}

function headed(state: ChatState, head: Head): ChatState {
  const next = enter(state, head.id);
  return {
    ...next,
    phase: head.phase,
    read: Math.max(next.read, head.read ?? 0),
    agentRead: Math.max(next.agentRead, head.agent_read ?? 0),
  };
}

/** The server knows of no conversation: either there never was one, or we are a new visitor now. */
function forgotten(state: ChatState): ChatState {
  return { ...emptied(state), past: state.past };
}

function arrived(state: ChatState, conversation: string, facts: readonly Fact[]): ChatState {
  // A conversation that begins (in another tab, perhaps) takes the place of the one before.
  const begins = facts[0]?.kind === "conversation.opened" || state.conversation === null;
  if (conversation === state.conversation) return add(state, facts);
  return begins ? add(enter(state, conversation), facts) : state;
}

function told(state: ChatState, frame: VisitorState): ChatState {
  const { kind, conversation, seq = 0 } = frame;
  if (kind === "availability")
    return {
      ...state,
      availability: frame.availability ?? state.availability,
      reopening: frame.next_opening ?? null,
    };
  if (kind === "drafts") return { ...state, drafts: frame.drafts ?? false };
  if (conversation !== state.conversation) return state;
  if (kind === "read") return { ...state, agentRead: Math.max(state.agentRead, seq) };
  if (kind === "seen") return { ...state, read: Math.max(state.read, seq) };
  return state; // its facts follow; or a newer server says what we do not know
}

function signalled(state: ChatState, frame: Signal): ChatState {
  if (frame.conversation !== state.conversation || frame.from.kind === "visitor") return state;
  return { ...state, typing: frame.on ? frame.from : null };
}

function dropped(state: ChatState, frame: Reset): ChatState {
  const other = frame.conversation !== undefined && frame.conversation !== state.conversation;
  return other ? state : { ...state, ...nothingHeld, read: state.read, epoch: frame.epoch };
}

/** A newer server may say what we do not know; the compiler makes sure that we know all of today's. */
function unknown(_frame: never, state: ChatState): ChatState {
  return state;
}
