// Questions and their answers: a number for each request, a promise for its reply.

import type { Clock } from "./clock";
import type { Ok, Problem, Reply } from "./protocol.gen";

export type Outcome = { ok: Ok } | { error: Problem };

export interface Requests<Out> {
  /** Sends what `build` makes of a fresh id. Never rejects: trouble is an outcome too. */
  ask(build: (id: number) => Out): Promise<Outcome>;
  answered(reply: Reply): void;
  /** The connection is gone, so no pending request will be answered on it. */
  disconnected(): void;
}

export interface RequestsOptions<Out> {
  send(frame: Out): boolean;
  /** No reply in time: the connection is not worth keeping. */
  onSilence(): void;
  clock: Clock;
}

const REPLY_MS = 10_000;
// The server refuses more than ten unanswered requests on one connection.
const MAX_WAITING = 10;

export const disconnected: Problem = local("disconnected");
const unanswered: Problem = local("unanswered");
const busy: Problem = local("busy");
/** An older server would leave it without an answer; the next one we meet may be a newer. */
export const unspoken: Problem = { ...local("unspoken"), retry_after: 60 };
/** The first version that knows ratings. */
export const RATINGS = 3;

export function createRequests<Out>(options: RequestsOptions<Out>): Requests<Out> {
  const waiting = new Map<number, (outcome: Outcome) => void>();
  let lastId = 0;

  function settle(id: number, outcome: Outcome): void {
    const resolve = waiting.get(id);
    waiting.delete(id);
    resolve?.(outcome);
  }

  return {
    ask: (build) =>
      new Promise((resolve) => {
        if (waiting.size >= MAX_WAITING) return resolve({ error: busy });
        lastId += 1;
        const id = lastId;
        const cancel = options.clock.later(REPLY_MS, () => {
          settle(id, { error: unanswered });
          options.onSilence();
        });
        waiting.set(id, (outcome) => {
          cancel();
          resolve(outcome);
        });
        if (!options.send(build(id))) settle(id, { error: disconnected });
      }),
    answered: (reply) => {
      if (reply.error) settle(reply.id, { error: reply.error });
      else settle(reply.id, { ok: reply.ok ?? {} });
    },
    disconnected: () => {
      for (const id of [...waiting.keys()]) settle(id, { error: disconnected });
    },
  };
}

function local(code: string): Problem {
  return { code, message: "", temporary: true };
}
