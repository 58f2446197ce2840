// On the customiser's stage nothing is real but the panel: this plays the server, and stores nothing.

import type { Boot } from "../boot";
import type { Author, Dial, Fact, VisitorClientMessage, VisitorServerMessage } from "../wire";

const CONVERSATION = "stage";
// A day: nobody looks at a stage for longer, and there is nothing to keep alive.
const PING_SECONDS = 86_400;
const ANSWER_MS = 1_200;

export function act(boot: Boot): Dial {
  return (events) => {
    const you = { id: "visitor" };
    const visitor: Author = { kind: "visitor", id: you.id };
    const agent: Author = {
      kind: "agent",
      id: "agent",
      name: boot.looks.team[0]?.name ?? boot.site.name,
    };
    let seq = 0;
    let isOpen = true;

    function say(frame: VisitorServerMessage): void {
      if (isOpen) events.message(JSON.stringify(frame));
    }

    function happen(from: Author, kind: Fact["kind"], more: Partial<Fact> = {}): Fact {
      seq += 1;
      const at = new Date().toISOString();
      return { t: "fact", conversation: CONVERSATION, seq, kind, from, at, ...more };
    }

    function hear(frame: VisitorClientMessage): void {
      switch (frame.t) {
        case "hello":
          say({
            t: "welcome",
            v: frame.v,
            session: "stage",
            you,
            epoch: "stage",
            now: new Date().toISOString(),
            ping: PING_SECONDS,
            limits: { text_chars: boot.limits.text_chars, frame_bytes: 16_384, history: 100 },
            availability: "online",
          });
          break;
        case "open": {
          const fact = seq === 0 ? happen(visitor, "conversation.opened") : null;
          say({ t: "reply", id: frame.id, ok: { conversation: CONVERSATION, seq } });
          if (fact) say(fact);
          break;
        }
        case "send": {
          const { id, client_id, text } = frame;
          const fact = happen(visitor, "message.sent", { text, client_id });
          say(fact);
          const { at } = fact;
          say({ t: "reply", id, ok: { conversation: CONVERSATION, seq: fact.seq, client_id, at } });
          setTimeout(() => say(happen(agent, "message.sent", { text: "🙂" })), ANSWER_MS);
          break;
        }
        case "close": {
          const fact = happen(visitor, "conversation.closed");
          say({ t: "reply", id: frame.id, ok: { conversation: CONVERSATION, seq: fact.seq } });
          say(fact);
          break;
        }
        case "history":
          say({ t: "reply", id: frame.id, ok: { facts: [], more: false } });
      }
    }

    queueMicrotask(() => events.opened());
    return {
      send: (text) => queueMicrotask(() => hear(JSON.parse(text) as VisitorClientMessage)),
      close: () => {
        isOpen = false;
      },
    };
  };
}
