// The photos of those whom the visitor meets: asked for by their ids, each once.

import { computed, effect, type Signal } from "@preact/signals";
import type { Store } from "../../store";
import type { Thread } from "../../thread";

export type Photos = Readonly<Record<string, string>>;

/** What is not there has no photo; without an answer there are letters, and the next page asks again. */
export function meetFaces({ state }: Store, site: string, photos: Signal<Photos>): () => void {
  const asked = new Set<string>();
  const met = computed(() => {
    const { past, thread } = state.value;
    return [...agentsOf(past), ...agentsOf(thread)].sort().join();
  });

  async function ask(agents: string[]): Promise<void> {
    const query = new URLSearchParams({ site, agents: agents.join() });
    const response = await fetch(`/widget/photos?${query}`).catch(() => null);
    if (!response?.ok) return;
    const found: { photos: Photos } = await response.json();
    photos.value = { ...photos.value, ...found.photos };
  }

  return effect(() => {
    const strangers = new Set(met.value.split(",").filter((id) => id && !asked.has(id)));
    if (strangers.size === 0) return;
    for (const id of strangers) asked.add(id);
    void ask([...strangers]);
  });
}

function agentsOf(thread: Thread): string[] {
  return thread.flatMap(({ from, agent }) => [
    ...(from.kind === "agent" && from.id ? [from.id] : []),
    ...(agent ? [agent.id] : []),
  ]);
}
