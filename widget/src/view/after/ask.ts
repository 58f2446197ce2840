// Whether the visitor is asked how it was, and what was answered. Pure.

import type { ChatState } from "../../state";
import { isFromAgent } from "../../thread";
import type { Fact, Rating } from "../../wire";

export interface Ask {
  /** Names this asking: once for each close, and each time that an agent asks. */
  key: string;
  conversation: string;
  /** What the visitor said last, and when it belongs to this asking. */
  given: (Rating & { comment: string }) | null;
  isAnswered: boolean;
}

/** Null: nothing to ask. A chat that nobody answered ends without a question, as does every chat where
 * the site does not want one; an agent's asking counts always. */
export function askOf({ thread, phase, conversation }: ChatState, isUsual: boolean): Ask | null {
  if (conversation === null) return null;
  const began = thread.findLastIndex(isBeginning);
  const asked = thread.findLastIndex((fact) => fact.kind === "csat.asked");
  const closed = isUsual && phase === "closed" ? thread.findLastIndex(isClose) : -1;
  const rated = thread.findLastIndex((fact) => fact.kind === "csat.rated");
  const isDue = asked > began || (closed >= 0 && thread.some(isFromAgent));
  const cause = thread[Math.max(asked > began ? asked : -1, closed)];
  if (!isDue || cause === undefined) return null;
  return {
    key: `${conversation}.${cause.seq}`,
    conversation,
    given: givenIn(thread[rated]),
    // What was said since the chat began holds for its close; an agent who asks wants a new word.
    isAnswered: rated > began && rated > asked,
  };
}

function givenIn(fact: Fact | undefined): Ask["given"] {
  return fact?.rating ? { ...fact.rating, comment: fact.text ?? "" } : null;
}

function isBeginning({ kind }: Fact): boolean {
  return kind === "conversation.opened" || kind === "conversation.reopened";
}

function isClose({ kind }: Fact): boolean {
  return kind === "conversation.closed";
}
