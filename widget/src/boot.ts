// What the server wrote into the frame page: the site, the ticket, the socket's address.

import type { OwnWords } from "./text/text";

export interface Site {
  key: string;
  name: string;
  color: string;
  position: "left" | "right";
  greeting: string;
  locale: string;
  /** Of opening hours, when this was loaded; what holds now is told over the socket. */
  open: boolean;
  next_opening: string | null;
  /** Seconds within which a first answer usually comes; null where the figures are too few. */
  replies_in: number | null;
  corners: "square" | "soft" | "round";
  scheme: "auto" | "light" | "dark";
  /** When something may be kept in this browser. */
  consent: "required" | "on-open" | "granted";
}

/** What the site's owner set about the panel's looks; pictures are addresses. */
export interface Looks {
  header_image: string;
  team: { name: string; photo: string }[];
  /** Stands above the greeting; empty: our own words. */
  welcome: string;
}

/** How visitors are asked what they think of a chat; empty lists: our own words. */
export interface RatingSettings {
  enabled: boolean;
  words: string[];
  reasons_low: string[];
  reasons_high: string[];
}

export interface Ticket {
  ticket: string;
  ticket_seconds: number;
}

export interface Boot extends Ticket {
  site: Site;
  origins: string[];
  socket: string;
  locale: string;
  limits: { text_chars: number };
  looks: Looks;
  /** The site's own words in `locale`, in place of ours. */
  texts: OwnWords;
  rating: RatingSettings;
  /** Whether this service sends mail. */
  mails: boolean;
  /** Where visitors read what they agree to; empty: nowhere. */
  privacy: string;
  /** Some visitors meet a form before they can write. */
  asks: boolean;
}

export function readBoot(page: Document): Boot {
  return JSON.parse(page.getElementById("boot")?.textContent ?? "") as Boot;
}

/** The visitor logs out: nobody comes in with this token any more. Without a network it is only dropped here. */
export function signOut(token: string | null): void {
  if (!token) return;
  const body = JSON.stringify({ token });
  const headers = { "Content-Type": "application/json" };
  void fetch("/frame/leavings", { method: "POST", headers, body, keepalive: true }).catch(() => {});
}

/** Lets a frame open a socket for some minutes; a page that stays open longer asks for another one. */
export async function fetchTicket(site: string): Promise<Ticket | null> {
  const response = await fetch("/frame/tickets", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ site }),
    cache: "no-store",
  });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`no ticket: ${response.status}`);
  return (await response.json()) as Ticket;
}
