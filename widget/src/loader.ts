// The one script a host page includes. Does nothing until the page has loaded and has time to spare.

import { createChat } from "./host/chat";
import { openFront } from "./host/front";
import { findOwn, loadSettings } from "./host/settings";

const own = findOwn();
if (own)
  openFront(window, own.site, (emit, begin) =>
    whenIdle(async () => {
      const settings = await loadSettings(own);
      if (settings) begin(createChat(settings, emit));
    }),
  );

function whenIdle(work: () => void): void {
  // Safari has no idle callback; there the turn after loading has to do.
  const idle = (window as Partial<Window>).requestIdleCallback ?? setTimeout;
  if (document.readyState === "complete") idle(work);
  else addEventListener("load", () => idle(work));
}
