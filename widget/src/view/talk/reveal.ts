// Brings a message that is meant into view, loading older ones until it is there.

import type { Quoted } from "../../rows";
import { firstSeq } from "../../thread";
import { useChat } from "../context";

const SHOWN = "shown";

/** The element of the row with this key. */
export function idOf(key: string): string {
  return `row-${key}`;
}

export function useReveal(): (quoted: Quoted | null) => Promise<void> {
  const { session } = useChat();
  const { state } = session.store;

  async function load({ conversation, seq }: Quoted): Promise<string | null> {
    const held = () => state.value.thread;
    for (let first = firstSeq(held()); first > seq; first = firstSeq(held())) {
      if (state.value.conversation !== conversation) return null;
      await session.earlier();
      if (firstSeq(held()) === first) return null; // offline, say: the button is still there
    }
    const fact = held().find((one) => one.seq === seq && one.conversation === conversation);
    return fact ? (fact.client_id ?? `${fact.conversation}:${fact.seq}`) : null;
  }

  return async (quoted) => {
    const key = quoted && (quoted.said?.key ?? (await load(quoted)));
    if (key) requestAnimationFrame(() => reveal(key));
  };
}

function reveal(key: string): void {
  const element = document.getElementById(idOf(key));
  if (!element) return;
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "center", behavior: isStill ? "auto" : "smooth" });
  element.classList.remove(SHOWN);
  void element.offsetWidth; // so that the same message lights up again
  element.classList.add(SHOWN);
}
