// On a phone the panel is the whole screen: as high as the keyboard leaves it, with a page that stays still.

import { openHearing } from "./hearing";

interface CloseWatcher {
  onclose: (() => void) | null;
  destroy(): void;
}

/** `back`: the visitor goes back, by a gesture or a button. Answers how to undo it, exactly. */
export function fillPhone(element: HTMLElement, back: () => void): () => void {
  if (!matchMedia("(width<=480px),(height<=480px)").matches) return () => {};
  const page = document.documentElement.style;
  const before = page.overflow;
  const view = window.visualViewport;
  const over = new AbortController();
  // No entries of ours in the page's history: its router would take them for its own.
  const { CloseWatcher } = window as { CloseWatcher?: new () => CloseWatcher };
  const watcher = CloseWatcher && new CloseWatcher();
  if (watcher) watcher.onclose = back;
  const fit = () => {
    element.style.cssText = `height:${view?.height}px;top:${view?.offsetTop}px`;
  };
  page.overflow = "hidden";
  openHearing(over.signal)(view, ["resize", "scroll"], fit);
  fit();
  return () => {
    over.abort();
    watcher?.destroy();
    page.overflow = before;
    element.style.cssText = "";
  };
}
