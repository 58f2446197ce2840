// Messages on their way: in order, one in flight per lane, kept until the server has acknowledged them.

import type { Clock } from "./clock";
import { fresh, type Outgoing, readOutgoing } from "./outgoing";
import type { Ok, Problem } from "./protocol.gen";
import type { Outcome } from "./requests";
import type { Shelf } from "./shelf";
import type { Tabs } from "./tabs";

export interface Outbox {
  add(message: { lane: string; text: string; private?: boolean }): Outgoing;
  /** Another try by hand of a failed message, as a new one. */
  retry(clientId: string): void;
  remove(clientId: string): void;
  /** A fact proves that the message is stored, whatever became of the reply. */
  settled(clientId: string): void;
  /** Sends these again under their own ids; the server keeps only what it has lost. */
  resend(messages: Outgoing[]): void;
  /** Whether there is a live connection to send on. */
  online(on: boolean): void;
  /** Forgets everything, for the next person at this computer. */
  clear(): void;
}

export interface OutboxOptions {
  /** Sends one message and tells how it went; never rejects. */
  deliver(message: Outgoing): Promise<Outcome>;
  onChange(messages: Outgoing[]): void;
  shelf: Shelf;
  tabs: Tabs;
  newId(): string;
  clock: Clock;
}

const SHELF_PREFIX = "outbox.";
const DEFAULT_PAUSE_S = 1;

export function createOutbox(options: OutboxOptions): Outbox {
  const { shelf, tabs } = options;
  const ownName = SHELF_PREFIX + tabs.name;
  const busy = new Set<string>();
  let messages: Outgoing[] = [];
  let isOnline = false;

  function change(next: Outgoing[]): void {
    messages = next;
    const unsent = messages.filter((m) => m.state !== "sent");
    if (unsent.length > 0) shelf.set(ownName, JSON.stringify(unsent));
    else shelf.remove(ownName);
    options.onChange(messages);
  }

  function patch(clientId: string, part: Partial<Outgoing>): void {
    change(messages.map((m) => (m.client_id === clientId ? { ...m, ...part } : m)));
  }

  function without(clientId: string): Outgoing[] {
    return messages.filter((m) => m.client_id !== clientId);
  }

  function pump(): void {
    if (!isOnline) return;
    for (const lane of new Set(messages.filter(isWaiting).map((m) => m.lane)))
      if (!busy.has(lane)) void run(lane);
  }

  async function run(lane: string): Promise<void> {
    busy.add(lane);
    let pause: number | null = null;
    await tabs.exclusively(lane, async () => {
      const message = messages.find((m) => m.lane === lane && isWaiting(m));
      if (!message || !isOnline) return;
      patch(message.client_id, { state: "sending" });
      pause = arrived(message.client_id, await options.deliver(message));
    });
    if (pause !== null && isOnline) options.clock.later(pause, () => resume(lane));
    else resume(lane);
  }

  function resume(lane: string): void {
    busy.delete(lane);
    pump();
  }

  /** Notes the outcome; answers how many milliseconds to wait before the next try, if at all. */
  function arrived(clientId: string, outcome: Outcome): number | null {
    if ("ok" in outcome) {
      patch(clientId, sent(outcome.ok));
      return null;
    }
    patch(clientId, trouble(outcome.error));
    return outcome.error.temporary ? (outcome.error.retry_after ?? DEFAULT_PAUSE_S) * 1000 : null;
  }

  async function adopt(): Promise<void> {
    const others = shelf.names().filter((n) => n.startsWith(SHELF_PREFIX) && n !== ownName);
    for (const name of others) {
      await tabs.ifGone(name.slice(SHELF_PREFIX.length), () => {
        const orphans = readOutgoing(shelf.get(name));
        shelf.remove(name);
        if (orphans.length > 0) merge(orphans);
      });
    }
  }

  function merge(more: Outgoing[]): void {
    const known = new Set(messages.map((m) => m.client_id));
    const added = more.filter((m) => !known.has(m.client_id));
    change(interleave(messages, added));
    pump();
  }

  function add(lane: string, text: string, isPrivate: boolean | undefined): Outgoing {
    const message = fresh(options.newId(), lane, text, options.clock.now(), isPrivate);
    change([...messages, message]);
    pump();
    return message;
  }

  void adopt();

  return {
    add: (message) => add(message.lane, message.text, message.private),
    retry: (clientId) => {
      const failed = messages.find((m) => m.client_id === clientId && m.state === "failed");
      if (!failed) return;
      change(without(clientId));
      add(failed.lane, failed.text, failed.private);
    },
    remove: (clientId) => change(without(clientId)),
    settled: (clientId) => {
      if (messages.some((m) => m.client_id === clientId)) change(without(clientId));
    },
    resend: merge,
    online: (on) => {
      isOnline = on;
      if (!on) return change(messages.map((m) => (m.state === "sending" ? waiting(m) : m)));
      void adopt();
      pump();
    },
    clear: () => change([]),
  };
}

/** By when they were written, but never against the order of either list: wall clocks jump. */
function interleave(held: Outgoing[], added: Outgoing[]): Outgoing[] {
  const merged: Outgoing[] = [];
  let next = 0;
  for (const message of held) {
    for (let other = added[next]; other && other.at < message.at; other = added[next]) {
      merged.push(other);
      next += 1;
    }
    merged.push(message);
  }
  return [...merged, ...added.slice(next)];
}

function isWaiting(message: Outgoing): boolean {
  return message.state === "waiting";
}

function waiting(message: Outgoing): Outgoing {
  return { ...message, state: "waiting" };
}

function sent(ok: Ok): Partial<Outgoing> {
  return { state: "sent", seq: ok.seq, conversation: ok.conversation };
}

function trouble(problem: Problem): Partial<Outgoing> {
  return problem.temporary ? { state: "waiting" } : { state: "failed", code: problem.code };
}
