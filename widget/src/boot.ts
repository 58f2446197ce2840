// What the server wrote into the frame page: the site, the ticket, the socket's address.

export interface Site {
  key: string;
  name: string;
  color: string;
  position: "left" | "right";
  greeting: string;
  locale: string;
  /** Of opening hours; whether somebody is there is told over the socket. */
  open: boolean;
  next_opening: string | null;
}

export interface Boot {
  site: Site;
  origins: string[];
  ticket: string;
  ticket_seconds: number;
  socket: string;
  locale: string;
  limits: { text_chars: number };
}

export function readBoot(page: Document): Boot {
  return JSON.parse(page.getElementById("boot")?.textContent ?? "") as Boot;
}

/**
 * Asks for this page again, for its fresh ticket. The JSON is cut out of the text: parsing HTML would need a
 * sink that Trusted Types refuse, and the server escapes every `<` inside it.
 */
export async function fetchBoot(address: string): Promise<Boot> {
  const response = await fetch(address, { cache: "no-store" });
  if (!response.ok) throw new Error(`the frame page answered ${response.status}`);
  const page = await response.text();
  const found = /<script[^>]*\bid="boot"[^>]*>([^<]*)<\/script>/.exec(page)?.[1];
  if (found === undefined) throw new Error("the frame page carries no boot data");
  return JSON.parse(found) as Boot;
}
