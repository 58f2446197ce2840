// Two soft notes for a message that comes while nobody looks. Made here: no file, no request.

import { effect, type ReadonlySignal } from "@preact/signals";
import type { Store } from "../../store";
import { isFromAgent } from "../../thread";
import type { Clock } from "../../wire";

export interface SoundOptions {
  store: Store;
  muted: ReadonlySignal<boolean>;
  /** Nobody looks at the thread right now. */
  isAway(): boolean;
  play(): void;
  clock: Pick<Clock, "later">;
}

// Long enough for another tab of the visitor, where the thread is on screen, to say that it was read.
const GRACE_MS = 400;

/** One sound for all that came together. What was there before this page is no news. */
export function soundNews({ store, muted, isAway, play, clock }: SoundOptions): void {
  let heard = 0;
  let conversation: string | null = null;
  effect(() => {
    const { thread, since, conversation: now } = store.state.value;
    if (now !== conversation) heard = 0;
    conversation = now;
    const last = thread.findLast(isFromAgent);
    if (!last || last.seq <= heard) return;
    heard = last.seq;
    const isNew = Date.parse(last.at) > (since ?? Number.POSITIVE_INFINITY);
    if (!isNew || muted.peek() || !isAway()) return;
    clock.later(GRACE_MS, () => {
      if (store.state.peek().read < last.seq) play();
    });
  });
}

// A fifth, an octave above the voice: heard in a room with people, startling nobody.
const NOTES = [784, 1175] as const;
const NOTE_S = 0.11;
const LOUD = 0.07;

/** Browsers let a page sound only after the visitor touched it; until then there is silence. */
export function openChime(page: Document, open: () => AudioContext | null): () => void {
  let audio: AudioContext | null = null;
  const unlock = () => {
    audio ??= open();
    void audio?.resume();
  };
  for (const name of ["pointerdown", "keydown"])
    page.addEventListener(name, unlock, { once: true });
  return () => {
    if (audio?.state !== "running") return;
    for (const [at, note] of NOTES.entries()) ring(audio, note, audio.currentTime + at * NOTE_S);
  };
}

function ring(audio: AudioContext, note: number, at: number): void {
  const tone = audio.createOscillator();
  const loudness = audio.createGain();
  tone.frequency.value = note;
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(LOUD, at + 0.01);
  loudness.gain.exponentialRampToValueAtTime(0.001, at + 4 * NOTE_S);
  tone.connect(loudness).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 4 * NOTE_S);
}

const HELD_MS = 2_000;

/** Of several tabs that all could sound, one does. */
export async function inOneTab(
  locks: LockManager | undefined,
  name: string,
  play: () => void,
): Promise<void> {
  if (!locks) return play();
  try {
    await locks.request(name, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      play();
      await new Promise((resolve) => setTimeout(resolve, HELD_MS));
    });
  } catch {
    play(); // no locks in this frame
  }
}
