// The server's doors for files, as both clients use them. They differ in who asks.

import { type Clock, systemClock, type Upload } from "../wire";
import { createLinks, type Links, type TimedLink } from "./links";
import { byHttp } from "./upload";
import type { Vault } from "./vault";

export interface Doors {
  upload: Upload;
  links: Links;
}

export interface DoorsOptions {
  /** Where files go up; addresses are asked for below it. */
  url(): string;
  headers(): Record<string, string>;
  vault: Vault;
}

export function openDoors({ url, headers, vault }: DoorsOptions): Doors {
  const clock: Clock = systemClock;
  return {
    upload: byHttp({ url, headers, vault, clock }),
    links: createLinks({ ask: (ids) => askLinks(`${url()}/links`, headers(), ids), clock }),
  };
}

async function askLinks(
  url: string,
  headers: Record<string, string>,
  ids: string[],
): Promise<{ links: Record<string, TimedLink>; now: number }> {
  const response = await fetch(url, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ files: ids }),
    cache: "no-store",
  });
  if (!response.ok) throw new Error(`files answered ${response.status}`);
  const { links } = (await response.json()) as { links: Record<string, TimedLink> };
  // A link's end is the server's time; the visitor's clock may be years off.
  return { links, now: Date.parse(response.headers.get("Date") ?? "") || Date.now() };
}
