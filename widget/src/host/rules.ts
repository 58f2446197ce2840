// On which pages the launcher is to be seen.

import type { Settings } from "./settings";

export interface Rules {
  /** The first that fits decides. */
  pages?: readonly { page: string; show: boolean }[];
  elsewhere?: string;
}

/** What the page says itself comes before what the site's settings say. */
export function isShownOn(address: string, { own, found }: Settings): boolean {
  const { href, origin, pathname } = new URL(address);
  const names = [pathname, origin + pathname, href];
  const isOn = (page: string) => names.some((name) => fits(page.trim(), name));
  const { hideOn, showOn } = own;
  if (hideOn?.split(",").some(isOn)) return false;
  if (showOn) return showOn.split(",").some(isOn);
  const { pages, elsewhere } = found.launcher ?? {};
  return pages?.find(({ page }) => isOn(page))?.show ?? elsewhere !== "hide";
}

/** Without a regular expression: its stars would take for ever on an address that somebody made for that. */
function fits(pattern: string, text: string): boolean {
  const [start = "", ...parts] = pattern.split("*");
  const end = parts.pop();
  if (end === undefined) return text === start;
  let rest = text.slice(start.length);
  for (const part of parts) {
    const found = rest.indexOf(part);
    if (found < 0) return false;
    rest = rest.slice(found + part.length);
  }
  return text.startsWith(start) && rest.endsWith(end);
}
