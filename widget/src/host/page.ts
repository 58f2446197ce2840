// When the visitor goes on without a page load.

import type { Hear } from "./hearing";

// Single-page sites set the title shortly after the address.
const TITLE_MS = 300;

/** No polling and no patched history: the Navigation API, or the events that can come before a move. */
export function watchPage(hear: Hear, over: AbortSignal, moved: () => void): void {
  let last = location.href;
  const check = () =>
    setTimeout(() => {
      if (over.aborted || last === location.href) return;
      last = location.href;
      moved();
    }, TITLE_MS);
  hear((window as { navigation?: EventTarget }).navigation, ["navigatesuccess"], check);
  hear(window, ["popstate", "click"], check);
}
