// Messages on their way: in order, one in flight per lane, kept until the server has acknowledged them.

import { anew, carry, pauseAfter, type Upload } from "./carriage";
import type { Clock } from "./clock";
import { type Draft, fresh, type Outgoing, type OutgoingFile, readOutgoing } from "./outgoing";
import type { Ok, Problem } from "./protocol.gen";
import type { Outcome } from "./requests";
import type { Shelf } from "./shelf";
import type { Tabs } from "./tabs";

export interface Outbox {
  add(draft: Draft): Outgoing;
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
  /** Sends one message, whose files are there, and tells how it went; never rejects. */
  deliver(message: Outgoing): Promise<Outcome>;
  upload: Upload;
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
  const uploading = new Map<string, AbortController>();
  let messages: Outgoing[] = [];
  let isOnline = false;

  function show(next: Outgoing[]): void {
    messages = next;
    options.onChange(messages);
  }

  function change(next: Outgoing[]): void {
    const unsent = next.filter((m) => m.state !== "sent");
    if (unsent.length > 0) shelf.set(ownName, JSON.stringify(unsent));
    else shelf.remove(ownName);
    show(next);
  }

  function find(clientId: string): Outgoing | undefined {
    return messages.find((m) => m.client_id === clientId);
  }

  function edited(clientId: string, part: Partial<Outgoing>): Outgoing[] {
    return messages.map((m) => (m.client_id === clientId ? { ...m, ...part } : m));
  }

  function patch(clientId: string, part: Partial<Outgoing>): void {
    change(edited(clientId, part));
  }

  function without(clientId: string): Outgoing[] {
    uploading.get(clientId)?.abort();
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
      pause = await send(message);
    });
    if (pause !== null && isOnline) options.clock.later(pause, () => resume(lane));
    else resume(lane);
  }

  function resume(lane: string): void {
    busy.delete(lane);
    pump();
  }

  /** Answers how many milliseconds to wait before the next try, if at all. */
  async function send({ client_id, files = [] }: Outgoing): Promise<number | null> {
    const problem = await uploadAll(client_id, files);
    const message = find(client_id);
    if (!message) return null; // deleted meanwhile
    const held = (message.held ?? 0) + 1;
    if (problem) {
      patch(client_id, { ...trouble(problem), held });
      return pauseOf(problem, pauseAfter(held));
    }
    if (files.length > 0) patch(client_id, { state: "sending", held: 0 });
    const outcome = await options.deliver(message);
    patch(client_id, "ok" in outcome ? sent(outcome.ok) : { ...trouble(outcome.error), held });
    return "ok" in outcome ? null : pauseOf(outcome.error, DEFAULT_PAUSE_S);
  }

  async function uploadAll(
    clientId: string,
    files: readonly OutgoingFile[],
  ): Promise<Problem | null> {
    const abort = new AbortController();
    const withFile = (key: string, part: Partial<OutgoingFile>) =>
      edited(clientId, {
        held: 0,
        files: find(clientId)?.files?.map((file) =>
          file.key === key ? { ...file, ...part } : file,
        ),
      });
    uploading.set(clientId, abort);
    const problem = await carry(
      files,
      options.upload,
      {
        moved: (key, share) => show(withFile(key, { share })),
        arrived: (key, id) => change(withFile(key, { id, share: 1 })),
      },
      abort.signal,
    );
    uploading.delete(clientId);
    return problem;
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

  function add(draft: Draft): Outgoing {
    const message = fresh(options.newId(), draft, options.clock.now());
    change([...messages, message]);
    pump();
    return message;
  }

  void adopt();

  return {
    add,
    retry: (clientId) => {
      const failed = find(clientId);
      if (failed?.state !== "failed") return;
      messages = without(clientId);
      add({ ...failed, files: anew(failed.files, failed.code, options.newId) });
    },
    remove: (clientId) => change(without(clientId)),
    settled: (clientId) => {
      if (find(clientId)) change(without(clientId));
    },
    resend: merge,
    online: (on) => {
      isOnline = on;
      if (!on) return change(messages.map((m) => (m.state === "sending" ? waiting(m) : m)));
      void adopt();
      pump();
    },
    clear: () => {
      for (const abort of uploading.values()) abort.abort();
      change([]);
    },
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

function pauseOf(problem: Problem, seconds: number): number | null {
  return problem.temporary ? (problem.retry_after ?? seconds) * 1000 : null;
}

function trouble(problem: Problem): Partial<Outgoing> {
  return problem.temporary ? { state: "waiting" } : { state: "failed", code: problem.code };
}
