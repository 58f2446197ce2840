// Turns a mailed link into the token of the visitor it was mailed to. Few visits need it.

import type { Shelf } from "./wire";

/** Null: it was used, or is too old. */
export async function redeem(site: string, link: string, shelf: Shelf): Promise<string | null> {
  try {
    const response = await fetch("/frame/resume", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ site, link }),
      cache: "no-store",
    });
    if (!response.ok) return null;
    const { token } = (await response.json()) as { token: string };
    shelf.set("token", token);
    return token;
  } catch {
    return null;
  }
}
