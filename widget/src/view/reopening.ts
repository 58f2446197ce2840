// When a closed site opens again, in words; nothing once that moment has come.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useChat } from "./context";

// Browsers' timers take 24 days at most.
const LONGEST_MS = 2 ** 31 - 1;

export function useReopening(): string | null {
  const { session, times } = useChat();
  const at = Date.parse(session.store.state.value.reopening ?? "");
  const now = useSignal(Date.now());
  useEffect(() => {
    if (!(at > now.value)) return;
    const look = () => {
      now.value = Date.now();
    };
    const timer = setTimeout(look, Math.min(at - Date.now(), LONGEST_MS));
    return () => clearTimeout(timer);
  }, [at, now, now.value]);
  return at > now.value ? times.ahead(at, now.value) : null;
}
