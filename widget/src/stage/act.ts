// On the customiser's stage nothing is real but the panel: this plays the server, and stores nothing.

import type { Author, Dial, Fact, Open, VisitorClientMessage, VisitorServerMessage } from "../wire";
import type { Stage } from "./around";

const CONVERSATION = "stage";
// A day: nobody looks at a stage for longer, and there is nothing to keep alive.
const PING_SECONDS = 86_400;
const ANSWER_MS = 1_200;
const you = { id: "visitor" };
const visitor: Author = { kind: "visitor", id: you.id };

export function act(stage: Stage): Dial {
  return (events) => {
    const { boot, scene } = stage.told;
    const agent: Author = {
      kind: "agent",
      id: "agent",
      name: boot.looks.team[0]?.name ?? boot.site.name,
    };
    let version = 0;
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

    /** Again when the forms have changed: what a welcome says of them holds. */
    function welcome(): void {
      const { before, offline } = stage.told;
      say({
        t: "welcome",
        v: version,
        session: "stage",
        you,
        epoch: "stage",
        now: new Date().toISOString(),
        ping: PING_SECONDS,
        limits: { text_chars: boot.limits.text_chars, frame_bytes: 16_384, history: 100 },
        availability: scene === "offline" ? "offline" : "online",
        next_opening: (scene === "offline" && boot.site.next_opening) || undefined,
        before: before ?? undefined,
        offline: offline ?? undefined,
      });
    }

    /** What happened before the curtain rose. */
    function begin(): void {
      if (scene !== "talk" && scene !== "rating") return;
      say(happen(visitor, "conversation.opened"));
      say(happen(visitor, "message.sent", { text: "👋" }));
      say(happen(agent, "message.sent", { text: "🙂" }));
      if (scene === "rating") say(happen(visitor, "conversation.closed"));
    }

    function hear(frame: VisitorClientMessage): void {
      switch (frame.t) {
        case "hello":
          version = frame.v;
          welcome();
          begin();
          break;
        case "open":
          open(frame);
          break;
        case "send": {
          const { client_id, text } = frame;
          tell(frame, happen(visitor, "message.sent", { text, client_id }));
          if (scene !== "offline")
            setTimeout(() => say(happen(agent, "message.sent", { text: "🙂" })), ANSWER_MS);
          break;
        }
        case "rate": {
          const { score, resolved, reasons, comment } = frame;
          const rating = { score, resolved, reasons };
          tell(frame, happen(visitor, "csat.rated", { rating, text: comment }));
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

    function open({ id, greeting }: Open): void {
      const text = greeting && stage.told.greeting?.text;
      const fact = seq === 0 ? happen(visitor, "conversation.opened", { text }) : null;
      say({ t: "reply", id, ok: { conversation: CONVERSATION, seq } });
      if (fact) say(fact);
    }

    /** What the visitor did, and that it arrived. */
    function tell({ id, client_id }: { id: number; client_id: string }, fact: Fact): void {
      say(fact);
      const { at, conversation } = fact;
      say({ t: "reply", id, ok: { conversation, seq: fact.seq, client_id, at } });
    }

    stage.watch(() => {
      if (version > 0 && seq === 0) welcome();
    });
    queueMicrotask(() => events.opened());
    return {
      send: (text) => queueMicrotask(() => hear(JSON.parse(text) as VisitorClientMessage)),
      close: () => {
        isOpen = false;
      },
    };
  };
}
