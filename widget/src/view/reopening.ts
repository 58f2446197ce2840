// When a closed site opens again, in words; nothing once that moment has come.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useChat } from "./context";

// Browsers' timers take 24 days at most. Who looks at the panel that long is told less, nothing wrong.
const LONGEST_MS = 2 ** 31 - 1;

export function useReopening(): string | null {
  const { site, times } = useChat();
  const at = Date.parse(site.next_opening ?? "");
  const isAhead = useSignal(at > Date.now());
  useEffect(() => {
    if (!isAhead.value) return;
    const passed = () => {
      isAhead.value = false;
    };
    const timer = setTimeout(passed, Math.min(at - Date.now(), LONGEST_MS));
    return () => clearTimeout(timer);
  }, [at, isAhead]);
  return isAhead.value ? times.ahead(at, Date.now()) : null;
}
