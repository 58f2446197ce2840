// What the visitor does on the page, as far as a rule asks for it: each listener is there only when needed.

import type { Rule } from "./kit";

// A pointer that leaves above means the address bar or another tab, unless it is a fling of a moment.
const SETTLED_SECONDS = 2;

export interface Doings {
  seconds(): number;
  scroll(): number;
  leaving(): boolean;
}

export function watch(rules: readonly Rule[], changed: () => void, over: AbortSignal): Doings {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  let deepest = 0;
  let leaving = false;

  for (const wait of new Set(rules.map((rule) => rule.seconds ?? 0))) {
    const timer = setTimeout(changed, wait * 1000 + 20);
    over.addEventListener("abort", () => clearTimeout(timer));
  }
  const scrolls = rules.some((rule) => rule.scroll);
  if (scrolls) addEventListener("scroll", changed, { passive: true, capture: true, signal: over });
  if (rules.some((rule) => rule.exit_intent))
    document.documentElement.addEventListener(
      "mouseleave",
      (event) => {
        if (event.clientY > 0 || seconds() < SETTLED_SECONDS) return;
        leaving = true;
        changed();
      },
      { signal: over },
    );
  // Looked at when it is asked for: who read on before we came, or came by an anchor, does not scroll again.
  const scroll = () => {
    if (scrolls) deepest = Math.max(deepest, depth());
    return deepest;
  };
  return { seconds, scroll, leaving: () => leaving };
}

function depth(): number {
  const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
  const way = scrollHeight - clientHeight;
  return way > 0 ? (scrollTop / way) * 100 : 0;
}
