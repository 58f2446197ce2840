// Which greeting, when, and what became of it.

import { type Card, showCard } from "./card";
import type { Greeting, Greetings, Kit } from "./kit";
import { openMemory } from "./memory";
import { openReport } from "./report";
import { type Facts, holds, isHere } from "./rules";
import { type Doings, watch } from "./watch";

export async function start(kit: Kit): Promise<void> {
  const address = `${kit.base}widget/greetings`;
  const greetings = await fetchGreetings(`${address}?site=${encodeURIComponent(kit.key)}`);
  if (greetings && !kit.over.aborted) run(kit, greetings, address);
}

async function fetchGreetings(address: string): Promise<Greetings | null> {
  try {
    const answer = await fetch(address);
    return answer.ok ? ((await answer.json()) as Greetings) : null;
  } catch {
    return null; // the page forbids it, or the server is away: then nothing is said
  }
}

export function run(kit: Kit, { items, pause_days }: Greetings, address: string): void {
  const memory = openMemory({
    name: `chat-widget.${kit.key}.greetings`,
    storage: () => localStorage,
    may: (deed) => kit.mayStore() && (kit.mode === "granted" || deed || kit.hasChat()),
    now: Date.now,
  });
  const report = openReport(address, kit.key, kit.over);
  let card: Card | null = null;
  let shownFor = "";
  let wanted: readonly Greeting[] = [];
  let doings: Doings | null = null;
  let page = new AbortController();
  const { navigation } = window as { navigation?: EventTarget };
  navigation?.addEventListener("navigatesuccess", arrive, { signal: kit.over });
  addEventListener("popstate", arrive, { signal: kit.over });
  kit.over.addEventListener("abort", leave);
  kit.told((news) => {
    if (news === "open") put();
    if (news === "attributes") look();
    if (news === "forget") memory.forget();
  });
  arrive();

  /** A page, or what a single-page site calls one: everything begins anew. */
  function arrive(): void {
    const here = kit.page().url.split("#")[0] ?? "";
    if (here === shownFor) return;
    shownFor = here;
    leave();
    page = new AbortController();
    // What the page says of its visitor may come later; all else is known now.
    const mayFit = ({ rule }: Greeting) => isHere({ ...rule, attributes: {} }, facts());
    wanted = items.filter((one) => memory.mayShow(one) && mayFit(one));
    const rules = wanted.map((one) => one.rule);
    doings = watch(rules, look, page.signal);
  }

  function leave(): void {
    put();
    page.abort();
  }

  function facts(): Facts {
    return {
      ...kit.page(),
      seconds: doings?.seconds() ?? 0,
      scroll: doings?.scroll() ?? 0,
      leaving: doings?.leaving() ?? false,
      visits: memory.visits(),
      languages: [document.documentElement.lang || navigator.language],
      attributes: kit.attributes(),
    };
  }

  function look(): void {
    if (document.hidden || kit.isOpen()) return;
    const next = wanted.find((one) => memory.mayShow(one) && holds(one.rule, facts()));
    if (next) show(next);
  }

  function show(greeting: Greeting): void {
    page.abort(); // one a page, whatever else would fit
    memory.shown(greeting);
    report.tell(greeting.id, "shown");
    card = showCard(kit, greeting.text, {
      opened: () => {
        put();
        report.tell(greeting.id, "opened");
        kit.greet({ id: greeting.id, text: greeting.text });
      },
      dismissed: () => {
        put();
        memory.dismissed(pause_days);
        report.tell(greeting.id, "dismissed");
      },
    });
  }

  function put(): void {
    card?.remove();
    card = null;
  }
}
