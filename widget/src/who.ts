// Who the page says that its visitor is, from when it says so until the server knows.

import type { Values } from "./bridge";
import type { Describe, Requests, VisitorClientMessage, VisitorWelcome } from "./wire";

export interface Who {
  /** The site's signed word, for the next hello. */
  identity(): string | undefined;
  /** Signed: the visitor comes in anew, as that customer. */
  identify(token: string): void;
  /** The page's mere word; what is no name and no address is an attribute. */
  describe(values: Values): void;
  welcomed(frame: VisitorWelcome): void;
}

export interface WhoOptions {
  requests: Requests<VisitorClientMessage>;
  /** Hangs up and comes again, if a hello has gone out already. */
  comeAgain(): void;
  /** What became of the site's word; `code`: why it was not believed. */
  onKnown(verified: boolean, code: string | undefined): void;
}

type Said = Omit<Describe, "t" | "id">;

const PERSONAL = ["name", "email", "phone"] as const;

export function createWho({ requests, comeAgain, onKnown }: WhoOptions): Who {
  let identity: string | undefined;
  let last: string | undefined;
  let said: Said | null = null;
  let isLive = false;

  async function tell(): Promise<void> {
    const telling = said;
    if (!telling || !isLive) return;
    said = null;
    const outcome = await requests.ask((id) => ({ t: "describe", id, ...telling }));
    if (!("error" in outcome) || !outcome.error.temporary) return;
    isLive = false; // again after the next welcome
    said = merged(telling, said);
  }

  return {
    identity: () => identity,
    identify: (token) => {
      if (token === last) return;
      last = identity = token;
      comeAgain();
    },
    describe: (values) => {
      said = merged(said, sorted(values));
      void tell();
    },
    welcomed: ({ you, identity: refused }) => {
      const wasAsked = identity !== undefined;
      if (!refused?.temporary) identity = undefined; // believed, or never to be
      if (wasAsked) onKnown(you.verified ?? false, refused?.code);
      isLive = true;
      void tell();
    },
  };
}

function sorted(values: Values): Said {
  const said: Said = {};
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const personal = PERSONAL.find((one) => one === name);
    if (personal && typeof value === "string") said[personal] = value;
    else if (!personal) attributes[name] = value;
  }
  return { ...said, attributes };
}

function merged(before: Said | null, now: Said | null): Said {
  return { ...before, ...now, attributes: { ...before?.attributes, ...now?.attributes } };
}
