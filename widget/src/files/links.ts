// Addresses of files: asked for just before they are needed, together, and again when they end.

import type { Clock } from "../wire";

export interface FileLink {
  url: string;
  /** A small picture of a picture. */
  preview?: string;
}

export interface Links {
  /** Null: the file is not there for us (any more). Rejects when nobody answers. */
  get(id: string): Promise<FileLink | null>;
  /** It did not work: the next one is a new one. */
  drop(id: string): void;
}

export interface LinksOptions {
  /** The body of an answer, and the server's own time. */
  ask(ids: string[]): Promise<{ links: Record<string, TimedLink>; now: number }>;
  clock: Clock;
}

export interface TimedLink extends FileLink {
  expires_at: string;
}

interface Held {
  link: Promise<FileLink | null>;
  until: number;
}

// All files of a screen come in one question.
const GATHER_MS = 20;
const MOST = 50;
// Time for a click and a slow network; and how long a file counts as not there.
const MARGIN_MS = 30_000;
const GONE_MS = 10_000;
const TRIES = 4;

export function createLinks({ ask, clock }: LinksOptions): Links {
  const held = new Map<string, Held>();
  let waiting: {
    id: string;
    resolve(link: FileLink | null): void;
    reject(error: unknown): void;
  }[] = [];

  function request(id: string): Held {
    if (waiting.length === 0) clock.later(GATHER_MS, () => void askAll());
    const link = new Promise<FileLink | null>((resolve, reject) => {
      waiting.push({ id, resolve, reject });
    });
    const one = { link, until: Number.POSITIVE_INFINITY };
    held.set(id, one);
    return one;
  }

  async function askAll(): Promise<void> {
    const asked = waiting;
    waiting = [];
    for (let at = 0; at < asked.length; at += MOST) await answer(asked.slice(at, at + MOST));
  }

  async function answer(asked: typeof waiting): Promise<void> {
    try {
      const { links, now } = await patiently(asked.map(({ id }) => id));
      for (const { id, resolve } of asked) {
        const link = links[id] ?? null;
        const lasts = link ? Date.parse(link.expires_at) - now - MARGIN_MS : GONE_MS;
        const one = held.get(id);
        if (one) one.until = clock.now() + lasts;
        resolve(link);
      }
    } catch (error) {
      for (const { id, reject } of asked) {
        held.delete(id);
        reject(error);
      }
    }
  }

  async function patiently(ids: string[], tries = 1): ReturnType<LinksOptions["ask"]> {
    try {
      return await ask(ids);
    } catch (error) {
      if (tries >= TRIES) throw error;
      await new Promise<void>((resolve) => clock.later(1000 * 2 ** (tries - 1), resolve));
      return patiently(ids, tries + 1);
    }
  }

  return {
    get: (id) => {
      const one = held.get(id);
      return (one && clock.now() < one.until ? one : request(id)).link;
    },
    drop: (id) => void held.delete(id),
  };
}
