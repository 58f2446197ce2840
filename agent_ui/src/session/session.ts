/** The live session: what a screen may ask of the wire. Effects live here, rules in state/. */

import { type Outcome, type OutgoingFile, RATINGS, unspoken } from "@chat/widget/wire";
import { hasEarlier, lastSeq, type Thread } from "../state/thread";
import type { Desk } from "../uploads/desk";
import type { AgentStatus, ClientFrame, ConversationId, Problem } from "../wire";
import { openLine } from "./link";
import { createPace } from "./pace";
import type { Store } from "./store";

export interface Message {
  readonly conversation: ConversationId;
  readonly text: string;
  readonly private: boolean;
  readonly files: readonly OutgoingFile[];
  readonly quote?: number | undefined;
}

export interface Session {
  readonly store: Store;
  readonly desk: Desk;
  start(): void;
  stop(): void;
  /** Try to connect at once instead of waiting. */
  hurry(): void;
  /** The person leaves on purpose: nothing of theirs stays in this browser. */
  signOut(): void;
  open(conversation: ConversationId): void;
  loadEarlier(conversation: ConversationId): Promise<void>;
  read(conversation: ConversationId): void;
  typing(conversation: ConversationId): void;
  send(message: Message): void;
  retry(clientId: string): void;
  discard(clientId: string): void;
  /** These resolve to what went wrong, or null. */
  assign(conversation: ConversationId, agent: string | null): Promise<Problem | null>;
  close(conversation: ConversationId): Promise<Problem | null>;
  reopen(conversation: ConversationId): Promise<Problem | null>;
  askRating(conversation: ConversationId): Promise<Problem | null>;
  setStatus(status: AgentStatus): Promise<Problem | null>;
}

interface Parts {
  store: Store;
  socket: string;
  csrf: string;
  me: string;
  ticket(): Promise<string>;
}

const HISTORY = 50;
/** Threads followed at once: switching back to one of them is instant. The server allows 50. */
const FOLLOWED = 12;
const READ_MS = 1000;
const TYPING_MS = 2000;

export function createSession({ store, socket, csrf, me, ticket }: Parts): Session {
  const line = openLine({ store, socket, csrf, me, ticket, begun: followOthers });
  const reads = createPace(READ_MS, true);
  const typings = createPace(TYPING_MS, false);
  const marked = new Map<ConversationId, number>();
  const healing = new Set<ConversationId>();

  function held(conversation: ConversationId): Thread | undefined {
    return store.get().threads[conversation];
  }

  /** The server follows the threads of a hello that could resume the inbox; all others ask here. */
  function followOthers(): void {
    const { inbox, threads } = store.get();
    for (const { conversation, facts } of Object.values(threads))
      if (!inbox.ready || facts.length === 0) void follow(conversation);
  }

  async function follow(conversation: ConversationId): Promise<void> {
    const seq = lastSeq(held(conversation) ?? { facts: [] });
    const frame = { t: "thread", conversation, ...(seq > 0 && { seq }) } as const;
    const problem = problemOf(await line.ask((id) => ({ ...frame, id })));
    if (problem === null) return;
    if (problem.temporary) setTimeout(followAgain, problemPause(problem), conversation);
    else store.dispatch({ do: "threadFailed", conversation, problem });
  }

  /** The connection held, but the server was busy; after a lost one the welcome asks again. */
  function followAgain(conversation: ConversationId): void {
    if (held(conversation) && store.get().link.is === "online") void follow(conversation);
  }

  function unfollowOldest(): void {
    const [oldest, ...rest] = Object.keys(store.get().threads);
    if (oldest === undefined || rest.length < FOLLOWED) return;
    store.dispatch({ do: "leave", conversation: oldest });
    line.connection.send({ t: "unthread", conversation: oldest });
  }

  /** Asks once for the facts that a thread is missing; the next connection asks again by itself. */
  async function heal({ conversation, ...thread }: Thread): Promise<void> {
    if (healing.has(conversation)) return;
    healing.add(conversation);
    const after = thread.facts.at(-1)?.seq ?? 0;
    const outcome = await line.ask((id) => ({
      t: "history",
      id,
      conversation,
      after,
      limit: HISTORY,
    }));
    if ("ok" in outcome) store.frame({ t: "facts", conversation, facts: outcome.ok.facts ?? [] });
    else line.connection.drop();
    healing.delete(conversation);
  }

  /** A command names the seq it was decided on, so that of two agents only one wins. */
  async function command(
    t: "assign" | "close" | "reopen",
    conversation: ConversationId,
    agent?: string,
  ) {
    const thread = held(conversation);
    const row = store.get().inbox.rows[conversation];
    const expect_seq = Math.max(thread ? lastSeq(thread) : 0, row?.seq ?? 0);
    const more = agent === undefined ? {} : { agent };
    return problemOf(
      await line.ask((id) => ({ t, id, conversation, expect_seq, ...more }) as ClientFrame),
    );
  }

  store.subscribe(() => {
    for (const thread of Object.values(store.get().threads)) if (thread.gap) void heal(thread);
  });

  return {
    store,
    desk: line.desk,
    start: line.connection.start,
    stop: line.connection.stop,
    hurry: line.connection.nudge,
    signOut() {
      line.outbox.clear();
      line.desk.forget();
      line.connection.send({ t: "bye" });
      line.connection.stop();
    },
    open(conversation) {
      if (held(conversation)?.problem === null) return;
      store.dispatch({ do: "open", conversation });
      unfollowOldest();
      if (store.get().link.is === "online") void follow(conversation);
    },
    async loadEarlier(conversation) {
      const thread = held(conversation);
      const before = thread?.facts[0]?.seq;
      if (!thread || thread.loading || before === undefined || !hasEarlier(thread)) return;
      store.dispatch({ do: "loadEarlier", conversation });
      const outcome = await line.ask((id) => ({
        t: "history",
        id,
        conversation,
        before,
        limit: HISTORY,
      }));
      if ("ok" in outcome)
        store.dispatch({ do: "earlier", conversation, facts: outcome.ok.facts ?? [] });
      else store.dispatch({ do: "threadFailed", conversation, problem: outcome.error });
    },
    read(conversation) {
      const seq = lastSeq(held(conversation) ?? { facts: [] });
      if (seq === 0 || (marked.get(conversation) ?? 0) >= seq) return;
      marked.set(conversation, seq);
      store.dispatch({ do: "read", conversation });
      reads.run(conversation, () =>
        line.connection.send({ t: "read", conversation, seq: marked.get(conversation) ?? seq }),
      );
    },
    typing: (conversation) =>
      typings.run(conversation, () =>
        line.connection.send({ t: "typing", conversation, on: true }),
      ),
    send: ({ conversation, quote: seq, ...message }) => {
      const quote = seq === undefined ? undefined : { conversation, seq };
      line.outbox.add({ lane: conversation, ...message, quote });
      typings.forget(conversation); // the message ends it; the next letter is new typing
    },
    retry: line.outbox.retry,
    discard: line.outbox.remove,
    assign: (conversation, agent) => command("assign", conversation, agent ?? undefined),
    close: (conversation) => command("close", conversation),
    reopen: (conversation) => command("reopen", conversation),
    askRating: async (conversation) =>
      line.spoken() < RATINGS
        ? unspoken
        : problemOf(await line.ask((id) => ({ t: "ask_rating", id, conversation }))),
    async setStatus(status) {
      const problem = problemOf(await line.ask((id) => ({ t: "status", id, status })));
      if (problem === null) store.dispatch({ do: "status", status });
      return problem;
    },
  };
}

function problemPause(problem: Problem): number {
  return (problem.retry_after ?? 1) * 1000;
}

function problemOf(outcome: Outcome): Problem | null {
  return "error" in outcome ? outcome.error : null;
}
