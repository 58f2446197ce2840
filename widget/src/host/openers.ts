// Elements of the page that open the chat: the site's own launcher, and whatever says `data-chat-open`.

import type { Hear } from "./hearing";

/** Found by the click, so that they may come and go as they like. Answers how to tell them what is. */
export function watchOpeners(
  launcher: string | undefined,
  hear: Hear,
  clicked: (isLauncher: boolean) => void,
): (isOpen: boolean) => void {
  const own = `${launcher}`; // "undefined" selects nothing either
  hear(window, ["click"], (event) => {
    const target = event.composedPath()[0] as Element;
    const find = (selector: string) => target.closest?.(selector);
    const isLauncher = !!find(own);
    if (!isLauncher && !find("[data-chat-open]")) return;
    // Prevented: another site's chat on this page has taken it.
    if (!event.defaultPrevented) clicked(isLauncher);
    event.preventDefault(); // a link to the contact page, say, for where no script runs
  });
  return (isOpen) => {
    for (const element of document.querySelectorAll(own))
      element.setAttribute("aria-expanded", `${isOpen}`);
  };
}
