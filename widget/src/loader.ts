// The one script a host page includes. Does nothing until the page has loaded and has time to spare.

import { type Commands, createChat } from "./host/chat";
import { findTag, loadSettings } from "./host/settings";

type Call = [name: string, event?: string, listener?: (detail: unknown) => void];
interface ChatWidget {
  (...call: Call): void;
  /** Calls made through the stub before this script came. */
  q?: Iterable<Iterable<unknown>>;
  isReal?: boolean;
}

start(window as { ChatWidget?: ChatWidget }, findTag());

function start(page: { ChatWidget?: ChatWidget }, tag: HTMLScriptElement | null): void {
  const stub = page.ChatWidget;
  if (stub?.isReal || !tag) return; // pasted twice: the first one does it
  let listeners: Call[] = [];
  const waiting: string[] = [];
  let commands: Commands | null = null;

  function emit(name: string, detail?: unknown): void {
    for (const [, event, listener] of listeners) if (event === name) listener?.(detail);
  }

  const chat: ChatWidget = (...call) => {
    const [name, event, listener] = call;
    if (name === "on") listeners = [...listeners, call];
    else if (name === "off")
      listeners = listeners.filter((found) => found[1] !== event || found[2] !== listener);
    else if (commands) commands[name as keyof Commands]?.();
    else waiting.push(name);
  };
  chat.isReal = true;
  page.ChatWidget = chat;
  for (const call of stub?.q ?? []) chat(...(call as Call));

  whenIdle(async () => {
    const settings = await loadSettings(tag);
    if (!settings) return;
    commands = createChat(settings, emit);
    for (const name of waiting) chat(name);
  });
}

function whenIdle(work: () => void): void {
  // Safari has no idle callback; there the turn after loading has to do.
  const idle = (window as Partial<Window>).requestIdleCallback ?? setTimeout;
  if (document.readyState === "complete") idle(work);
  else addEventListener("load", () => idle(work));
}
