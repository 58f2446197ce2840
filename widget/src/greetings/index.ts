// The script of greetings: comes only to sites that have some, and after everything else.

import type { Handed } from "../host/greet";
import { start } from "./run";

type Listen = (command: "on", event: string, listener: (detail: unknown) => void) => void;

const { kit } = document.currentScript as HTMLScriptElement & { kit?: Handed };
if (kit) begin(kit);

function begin({ own, found, key, base, box, saying, turn, now, over }: Handed): void {
  const { sites } =
    (window as { ChatWidget?: { sites?: Record<string, Listen> } }).ChatWidget ?? {};
  void start({
    key,
    base,
    box,
    close: found.words?.dismiss ?? "Close",
    mode: own.consent ?? found.consent ?? "",
    mayStore: () => now()[0],
    hasChat: () => now()[1],
    page: saying.page,
    attributes: () => saying.told().attributes?.values ?? {},
    greet: (greeting) => {
      saying.tell({ ...greeting, t: "greeting" });
      turn(true);
    },
    isOpen: () => now()[2],
    told: (listener) => {
      sites?.[key]?.("on", "open", () => listener("open"));
      sites?.[key]?.("on", "said:attributes", () => listener("attributes"));
      // On `reset`, and when consent is taken back.
      const { forget } = saying;
      saying.forget = () => {
        forget.call(saying);
        listener("forget");
      };
      if (saying.forgets) listener("forget");
    },
    over,
  });
}
