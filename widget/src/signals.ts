// Small repeated news to the server, kept rare: typing and read marks.

import type { Clock } from "./wire";

export interface TypingSignal {
  typed(text: string): void;
  /** The message went out; the next letter is new typing. */
  sent(): void;
}

export interface TypingOptions {
  /** Whether the visitor is being told that the team sees what is written here. */
  shares(): boolean;
  tell(on: boolean, draft?: string): void;
}

// The server lets a typing signal live 6 s and wants at most one in 2 s.
const REPEAT_MS = 3_000;
const DRAFT_MS = 2_000;
const IDLE_MS = 5_000;

export function createTyping(clock: Clock, { shares, tell }: TypingOptions): TypingSignal {
  let toldAt = Number.NEGATIVE_INFINITY;
  let cancelIdle = () => {};
  let cancelDraft = () => {};
  // What stood in the field before the visitor could know that it is seen stays theirs until it is empty again.
  let isShared = false;
  let last: string | null = null;

  function forget(): void {
    cancelIdle();
    cancelDraft();
    toldAt = Number.NEGATIVE_INFINITY;
  }

  function stop(): void {
    if (toldAt !== Number.NEGATIVE_INFINITY) tell(false);
    forget();
  }

  function share(text: string): void {
    cancelDraft();
    const wait = toldAt + DRAFT_MS - clock.now();
    if (wait > 0) cancelDraft = clock.later(wait, () => share(text));
    else say(text);
  }

  function say(draft?: string): void {
    toldAt = clock.now();
    tell(true, shares() ? draft : undefined);
  }

  function begins(text: string): boolean {
    return last === "" || (last === null && [...text].length === 1);
  }

  return {
    typed: (text) => {
      isShared = shares() && (isShared || begins(text));
      last = text.trim() === "" ? "" : text;
      if (last === "") return stop();
      cancelIdle();
      cancelIdle = clock.later(IDLE_MS, stop);
      if (isShared) share(text);
      else if (clock.now() - toldAt >= REPEAT_MS) say();
    },
    sent: () => {
      forget(); // the message itself says that typing is over
      last = "";
    },
  };
}

/** Passes on the newest value, at most once in `ms`: the first at once, the last surely. */
export function coalesce<Value>(
  clock: Clock,
  ms: number,
  tell: (value: Value) => void,
): (value: Value) => void {
  let waiting: { value: Value } | null = null;
  let isResting = false;

  function pass(): void {
    isResting = waiting !== null;
    if (!waiting) return;
    const { value } = waiting;
    waiting = null;
    tell(value);
    clock.later(ms, pass);
  }

  return (value) => {
    waiting = { value };
    if (!isResting) pass();
  };
}
