// One message to the server: in the open conversation, or in one opened for it.

import type { VisitorClientMessage } from "./wire";
import {
  idsOf,
  type Ok,
  type Outcome,
  type Outgoing,
  quoteIn,
  type Requests,
  withoutLostQuote,
} from "./wire";

export interface DeliveryOptions {
  requests: Requests<VisitorClientMessage>;
  conversation(): string | null;
  onConversation(id: string): void;
  /** The one that the visitor came by. */
  greeting(): string | undefined;
  newId(): string;
}

// The conversation we know is over or erased: the message belongs into a new one.
const OVER = ["conversation_ended", "not_found"];

export function createDelivery(options: DeliveryOptions): (message: Outgoing) => Promise<Outcome> {
  const { requests } = options;

  /** `open` goes by the visitor, not by its id: any number of them find the same open conversation. */
  async function open(): Promise<string | Outcome> {
    const client_id = options.newId();
    const outcome = await requests.ask((id) => ({
      t: "open",
      id,
      client_id,
      greeting: options.greeting(),
    }));
    const conversation = okOf(outcome)?.conversation;
    if (conversation === undefined) return outcome;
    options.onConversation(conversation);
    return conversation;
  }

  function send(message: Outgoing, conversation: string): Promise<Outcome> {
    return withoutLostQuote(message, (wanted) => {
      const { client_id, text } = wanted;
      const files = idsOf(wanted);
      const quote = quoteIn(wanted, conversation);
      const send = { t: "send", conversation, client_id, text, files, quote } as const;
      return requests.ask((id) => ({ ...send, id }));
    });
  }

  async function sendInNew(message: Outgoing): Promise<Outcome> {
    const opened = await open();
    return typeof opened === "string" ? send(message, opened) : opened;
  }

  return async (message) => {
    const conversation = options.conversation();
    if (conversation === null) return sendInNew(message);
    const outcome = await send(message, conversation);
    const over = "error" in outcome && OVER.includes(outcome.error.code);
    return over ? sendInNew(message) : outcome;
  };
}

function okOf(outcome: Outcome): Ok | null {
  return "ok" in outcome ? outcome.ok : null;
}
