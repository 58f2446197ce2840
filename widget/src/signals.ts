// Small repeated news to the server, kept rare: typing and read marks.

import type { Clock } from "./wire";

export interface TypingSignal {
  typed(text: string): void;
  /** The message went out; the next letter is new typing. */
  sent(): void;
}

// The server lets a typing signal live 6 s and wants at most one in 2 s.
const REPEAT_MS = 3_000;
const IDLE_MS = 5_000;

export function createTyping(clock: Clock, tell: (on: boolean) => void): TypingSignal {
  let toldAt = Number.NEGATIVE_INFINITY;
  let cancelIdle = () => {};

  function stop(): void {
    cancelIdle();
    if (toldAt !== Number.NEGATIVE_INFINITY) tell(false);
    toldAt = Number.NEGATIVE_INFINITY;
  }

  return {
    typed: (text) => {
      if (text.trim() === "") return stop();
      cancelIdle();
      cancelIdle = clock.later(IDLE_MS, stop);
      if (clock.now() - toldAt < REPEAT_MS) return;
      toldAt = clock.now();
      tell(true);
    },
    sent: () => {
      cancelIdle();
      toldAt = Number.NEGATIVE_INFINITY; // the message itself says that typing is over
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
