// The host page's side of one site's chat: launcher, panel, flags, and what a page may ask for.

import type { ToHost } from "../bridge";
import { takeMark } from "../mark";
import { build, make } from "./elements";
import { type Frame, openFrame } from "./frame";
import type { Commands, Emit } from "./front";
import { bringGreetings } from "./greet";
import { openHearing } from "./hearing";
import { remember } from "./memory";
import { watchOpeners } from "./openers";
import { watchPage } from "./page";
import { fillPhone } from "./phone";
import { place } from "./place";
import { isShownOn } from "./rules";
import { openSaying } from "./saying";
import type { Settings } from "./settings";
import { openTitle } from "./title";

export function createChat(settings: Settings, emit: Emit): Commands {
  const { own, found, key, base, query } = settings;
  const words = { open: "Open chat", close: "Close chat", ...found.words };
  const name = `chat-widget.${key}`;
  const kept = remember("localStorage", name);
  const wasOpen = remember("sessionStorage", name);
  const agreed = remember("localStorage", `${name}.consent`);
  const left = remember("localStorage", `${name}.lost`);
  const mustAsk = (own.consent ?? found.consent) === "required";
  const { host, box, button, badge, ear } = build(settings);
  const title = openTitle();
  const over = new AbortController();
  const hear = openHearing(over.signal);
  const isInline = !!own.inline;
  const saying = openSaying((message) => {
    frame?.post(message);
    emit(`said:${message.t}`);
  }, title.bare);
  let frame: Frame | null = null;
  // Who has a conversation has agreed when it began.
  let mayStore = !mustAsk || !!agreed.get() || !!kept.get();
  let isOpen = isInline;
  let isHidden = false;
  let unread = 0;
  // Of whoever was forgotten, until the frame lives that was told: it gives it back to the server. A page that is
  // left at once, as after signing out, leaves that to the next one.
  let lost = left.get();
  let opener: HTMLElement | null = null;
  let leavePhone = () => {};
  let resume: string | null | undefined = takeMark();

  function load(): Frame {
    frame ??= openFrame(box, {
      address: `${base}frame${query}`,
      title: found.name ?? words.open,
      init: () => ({
        t: "init",
        page: saying.page(),
        shown: isOpen,
        focused: document.activeElement === host,
        kept: lost ?? kept.get(),
        forgets: !!lost,
        resume,
        said: saying.all(),
        inline: isInline,
        asks: waits(),
      }),
      heard,
      failed,
    });
    return frame;
  }

  /** A visitor who was just forgotten begins again by opening the chat, as on the first day. */
  function waits(): boolean {
    return !mayStore || (!!lost && !isOpen);
  }

  function heard(message: ToHost): void {
    switch (message.t) {
      case "ready":
        resume = lost = null;
        left.set(lost);
        emit("ready");
        break;
      case "open":
        turn(true);
        break;
      case "close":
        turn(false);
        break;
      case "consent":
        consent();
        break;
      case "peek":
        peek(message.height);
        break;
      case "unread":
        if (!isOpen && message.count > unread) ear.textContent = message.text;
        tellUnread(message.count);
        break;
      case "keep":
        if (!waits()) kept.set(message.value);
        break;
      case "unsent":
        (message.on ? addEventListener : removeEventListener)("beforeunload", warn);
        break;
      case "event":
        emit(message.name, message.detail);
    }
  }

  function tellUnread(count: number): void {
    unread = count;
    label();
    emit("unread", count);
  }

  function peek(height: number | null): void {
    box.classList.toggle("peek", !!height && !isOpen);
    if (frame) frame.element.style.height = height ? `${height}px` : "";
  }

  /** Given, or taken back: then nothing is left in this browser. */
  function consent(given = true): void {
    if (given !== mayStore) emit("consent", given);
    mayStore = given;
    if (mustAsk) agreed.set(given ? "1" : null);
    if (given) {
      frame?.post({ t: "consent" });
      flag();
    } else forget();
  }

  /** The next page begins as this one ends. */
  function flag(): void {
    wasOpen.set(isOpen && mayStore && !isInline ? "1" : null);
  }

  function turn(on: boolean, movesFocus = true): void {
    if (!on && (isInline || !isOpen)) return;
    load();
    if (on !== isOpen) swap(on);
    if (movesFocus) focus(on ? load().element : button);
  }

  function swap(on: boolean): void {
    isOpen = on;
    leavePhone();
    leavePhone = () => {};
    peek(null);
    box.classList.toggle("open", on);
    if (on) {
      opener = document.activeElement as HTMLElement;
      if (mayStore) consent(); // a frame that was told to forget waits for it
      leavePhone = fillPhone(load().element, () => turn(false));
    }
    flag();
    label();
    frame?.post({ t: "shown", on });
    emit(on ? "open" : "close");
  }

  /** Where the launcher cannot be seen, back to where the visitor came from. */
  function focus(element: HTMLElement): void {
    element.focus();
    if (document.activeElement !== host) opener?.focus();
  }

  function label(): void {
    const news = isOpen || !unread ? "" : `${unread}`;
    badge.textContent = news;
    button.setAttribute("aria-label", isOpen ? words.close : `${words.open} ${news}`);
    button.setAttribute("aria-expanded", `${isOpen}`);
    tellOpeners(isOpen);
    title.mark(own.title ? 0 : unread);
  }

  /** No panel on this page, but the chat is only a tab away. */
  function failed(): void {
    frame?.element.remove();
    make("a", box, {
      href: `${base}chat/${key}${query}`,
      target: "_blank",
      textContent: words.open,
    });
  }

  function follow(): void {
    put();
    box.classList.toggle("away", isHidden || !isShownOn(saying.page().url, settings));
  }

  /** Nothing is left in this browser; a frame stays to see to its part, and waits. `who`: a flag, if anybody. */
  function forget(who = frame && "1"): void {
    lost ??= kept.get() ?? who;
    left.set(lost && "1"); // a mere flag: the key to the chat does not stay for longer
    turn(false, false);
    kept.set(null);
    saying.forget();
    frame?.element.remove();
    frame = null;
    tellUnread(0);
    if (lost) load();
  }

  const toggle = () => turn(!isOpen);
  const tellOpeners = watchOpeners(own.launcher, hear, (isLauncher) =>
    isLauncher ? toggle() : turn(true),
  );
  const put = place(host, own.inline, over.signal);
  const setPage: Commands["setPage"] = (page) => {
    saying.setPage(page);
    follow();
  };
  watchPage(hear, over.signal, () => setPage({} as never));
  button.onclick = toggle;
  box.onkeydown = (event) => {
    if (event.key === "Escape") turn(false);
  };
  hear(document, ["visibilitychange"], label);
  label();
  follow();
  if (found.greetings)
    bringGreetings({
      ...settings,
      box,
      saying,
      turn,
      now: () => [mayStore, !!kept.get(), isOpen || box.classList.contains("away")],
      over: over.signal,
    });
  if (resume || wasOpen.get()) turn(true, false);
  else if (isInline || lost || kept.get()) load();

  return {
    open: () => turn(true),
    close: () => turn(false),
    toggle,
    show: () => {
      isHidden = false;
      follow();
    },
    hide: () => {
      turn(false, false);
      isHidden = true;
      follow();
    },
    identify: saying.identify,
    setAttributes: saying.setAttributes,
    setPage,
    startConversation: (text?: string) => {
      saying.startWith(text);
      turn(true);
    },
    consent,
    reset: () => forget("1"), // also whom this page does not know: met on another sub-domain, say
    destroy: () => {
      turn(false, false);
      removeEventListener("beforeunload", warn);
      title.mark(0);
      over.abort();
      host.remove();
    },
  };
}

function warn(event: Event): void {
  event.preventDefault();
}
