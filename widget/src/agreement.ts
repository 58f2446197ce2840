// Before the visitor has agreed: what the page says meanwhile is kept, and nothing else happens.

import type { Site } from "./boot";
import { type Host, type Init, trimPage } from "./bridge";
import type { Locale } from "./text";
import type { Shelf } from "./wire";

export interface Meeting {
  host: Host;
  init: Init;
}

export interface AgreementOptions {
  site: Site;
  privacy: string;
  /** Null where the panel is the whole page. */
  meeting: Meeting | null;
  shelf: Shelf;
  locale: Locale;
  place: Element;
}

/** Answers when the visitor has agreed, at once where nobody has to ask. Who has a token did when it came. */
export async function agreed(options: AgreementOptions): Promise<Meeting | null> {
  const { site, meeting, shelf } = options;
  if (!meeting) {
    if (site.consent === "required" && shelf.get("token") === null)
      await new Promise<void>((agree) => void ask(options, null, agree));
    return null;
  }
  if (!meeting.init.asks) return meeting;
  const { host, init } = meeting;
  const close = init.inline ? null : () => host.post({ t: "close" });
  return {
    host,
    init: await agreement(meeting, () => ask(options, close, () => host.post({ t: "consent" }))),
  };
}

/** Answers the first message as it would be now. `look` is called when the visitor looks. */
export function agreement({ host, init }: Meeting, look: () => void): Promise<Init> {
  let now = init;
  if (now.shown) look();
  return new Promise((resolve) => {
    host.onMessage((message) => {
      switch (message.t) {
        case "consent":
          resolve(now);
          break;
        case "shown":
          now = { ...now, shown: message.on, focused: message.on };
          if (message.on) look();
          break;
        case "page":
          now = { ...now, page: trimPage(message) };
          break;
        default:
          now = { ...now, said: [...(now.said ?? []), message] };
      }
    });
  });
}

async function ask(
  { site, privacy, locale, place }: AgreementOptions,
  close: (() => void) | null,
  agree: () => void,
): Promise<void> {
  const { askConsent } = await import("./view/consent/consent");
  askConsent(place, { locale, siteName: site.name, privacy, close, agree });
}
