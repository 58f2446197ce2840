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

/**
 * Without a regular expression: its stars would take for ever on an address that somebody made for that. The line's
 * end is a sign that no address has, so the last part is found at the end alone.
 */
function fits(pattern: string, text: string): boolean {
  let at = 0;
  return `${pattern}\n`.split("*").every((part, index) => {
    const found = `${text}\n`.indexOf(part, at);
    at = found + part.length;
    return index ? found >= 0 : !found;
  });
}
