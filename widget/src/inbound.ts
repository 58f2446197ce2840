// What follows from a frame besides the new state: settled messages, repairs, kept tokens.

import type { CatchUp } from "./catchup";
import type { Credentials } from "./credentials";
import type { Mirror } from "./mirror";
import { hasHole } from "./state";
import type { Store } from "./store";
import { lastSeq } from "./thread";
import type { Who } from "./who";
import type {
  Clock,
  Fact,
  Outbox,
  Outgoing,
  Requests,
  Shelf,
  VisitorClientMessage,
  VisitorServerMessage,
  VisitorWelcome,
} from "./wire";

export interface InboundOptions {
  store: Store;
  requests: Requests<VisitorClientMessage>;
  outbox: Outbox;
  lane: string;
  catchUp: CatchUp;
  credentials: Credentials;
  shelf: Shelf;
  who: Who;
  /** The token of the last hello. */
  sent(): string | null;
  comeAgain(): void;
  mirror: Mirror;
  tellRead(seq: number): void;
  clock: Clock;
}

// A typing signal that is not repeated is over.
const TYPING_MS = 6_000;
const RESEND_MAX = 50;
// The customer whose browser this is.
const OWNER = "owner";

export function createInbound(options: InboundOptions): (frame: VisitorServerMessage) => void {
  const { store, requests, outbox, catchUp, credentials, clock } = options;
  let cancelTyping = () => {};

  function received(frame: VisitorServerMessage): void {
    if (frame.t === "welcome") {
      makeRoom(frame);
      resendLost(frame);
    }
    store.dispatch({ kind: "frame", frame });
    switch (frame.t) {
      case "welcome":
        welcomed(frame);
        break;
      case "reply":
        requests.answered(frame);
        break;
      case "fact":
        settle([frame]);
        break;
      case "facts":
        settle(frame.facts);
        break;
      case "pong":
        catchUp.expect(frame.head ?? 0);
        break;
      case "ping":
        catchUp.expect(frame.head ?? 0);
        outbox.online(true); // finds what a tab has left that was closed meanwhile
        break;
      case "signal":
        cancelTyping();
        cancelTyping = clock.later(TYPING_MS, () => store.dispatch({ kind: "quiet" }));
        break;
      case "expiring":
        void refresh();
        break;
    }
  }

  function welcomed(frame: VisitorWelcome): void {
    options.mirror.belongTo(frame.you.id);
    if (frame.token && isOverlooked(frame)) {
      options.comeAgain();
      return;
    }
    if (frame.token) credentials.keep(frame.token);
    if (frame.conversation) catchUp.expect(frame.conversation.seq);
    const { read } = store.state.value;
    if (read > (frame.conversation?.read ?? 0)) options.tellRead(read); // read while the line was down
    options.who.welcomed(frame);
    outbox.online(true);
  }

  /** We came with a token that ended meanwhile, while another tab has got a newer one: that one counts. */
  function isOverlooked({ you, conversation }: VisitorWelcome): boolean {
    const newest = credentials.latest();
    return !you.verified && !conversation && newest !== null && newest !== options.sent();
  }

  /** Another customer than the one whose browser this was, who did not log out: nothing of theirs stays. */
  function makeRoom({ you }: VisitorWelcome): void {
    const { shelf } = options;
    const owner = shelf.get(OWNER);
    if (owner !== null && owner !== you.id) {
      for (const message of store.state.value.outbox) outbox.remove(message.client_id);
      shelf.remove("draft");
      store.dispatch({ kind: "stranger" });
    }
    if (you.verified) shelf.set(OWNER, you.id);
    else shelf.remove(OWNER);
  }

  /** Facts that the server acknowledged and no longer has: our part of them is sent again. */
  function resendLost(frame: VisitorWelcome): void {
    const { thread, epoch, conversation } = store.state.value;
    const head = frame.conversation?.seq ?? 0;
    // Numbers of another conversation, begun in another tab, say nothing about ours.
    if (frame.epoch !== epoch || frame.conversation?.id !== conversation) return;
    if (head === 0 || head >= lastSeq(thread)) return;
    const own = thread.filter((fact) => fact.client_id !== undefined && fact.seq > head);
    store.dispatch({ kind: "frame", frame: { t: "reset", epoch } });
    outbox.resend(own.slice(-RESEND_MAX).map((fact) => outgoingOf(fact, options.lane)));
  }

  function settle(facts: readonly Fact[]): void {
    for (const { client_id } of facts) if (client_id !== undefined) outbox.settled(client_id);
    if (hasHole(store.state.value)) void catchUp.repair();
  }

  async function refresh(): Promise<void> {
    const token = credentials.latest(); // another tab may have been faster
    if (!token) return;
    const outcome = await requests.ask((id) => ({ t: "refresh", id, token }));
    if ("ok" in outcome && outcome.ok.token) credentials.keep(outcome.ok.token);
  }

  return received;
}

function outgoingOf(fact: Fact, lane: string): Outgoing {
  const { client_id = "", text = "", conversation } = fact;
  const files = fact.files?.map((file) => ({ ...file, key: "", upload: "" }));
  const quote = fact.quote === undefined ? undefined : { conversation, seq: fact.quote };
  return { client_id, lane, text, files, quote, at: Date.parse(fact.at), state: "waiting" };
}
