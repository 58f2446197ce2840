// The host page's side of one site's chat: launcher, panel, flags, and what a page may ask for.

import type { ToHost } from "../bridge";
import { takeMark } from "../mark";
import { build, make } from "./elements";
import { type Frame, openFrame } from "./frame";
import { remember } from "./memory";
import { currentPage, watchPage } from "./page";
import { fillPhone } from "./phone";
import type { Settings } from "./settings";

export type Emit = (name: string, detail?: unknown) => void;
export type Commands = Record<
  "open" | "close" | "toggle" | "show" | "hide" | "reset" | "destroy",
  () => void
>;

export function createChat(
  { key, base, query, name, words, ...looks }: Settings,
  emit: Emit,
): Commands {
  const { open = "Open chat", close = "Close chat" } = words ?? {};
  const kept = remember("localStorage", `chat-widget.${key}`);
  const wasOpen = remember("sessionStorage", `chat-widget.${key}`);
  const { host, box, button, badge, ear } = build(looks);
  let frame: Frame | null = null;
  let isOpen = false;
  let unread = 0;
  let forgets = false;
  let leavePhone = () => {};
  let resume = takeMark();

  function load(): Frame {
    frame ??= openFrame(box, {
      address: `${base}frame${query}`,
      title: name ?? "Chat",
      init: () => ({
        t: "init",
        page: currentPage(),
        shown: isOpen,
        focused: document.activeElement === host,
        kept: kept.get(),
        forgets,
        resume,
      }),
      heard,
      failed,
    });
    return frame;
  }

  function heard(message: ToHost): void {
    switch (message.t) {
      case "ready":
        forgets = false;
        resume = undefined;
        emit("ready");
        break;
      case "close":
        turn(false);
        break;
      case "unread":
        if (!isOpen && message.count > unread) ear.textContent = message.text;
        unread = message.count;
        label();
        emit("unread", unread);
        break;
      case "keep":
        kept.set(message.value);
        break;
      case "unsent":
        if (message.on) addEventListener("beforeunload", warn);
        else removeEventListener("beforeunload", warn);
        break;
      case "event":
        emit(message.name, message.detail);
    }
  }

  function turn(on: boolean, movesFocus = true): void {
    if (on === isOpen) return;
    isOpen = on;
    const { element, post } = load();
    box.classList.toggle("open", on);
    wasOpen.set(on ? "1" : null);
    leavePhone();
    if (on) leavePhone = fillPhone(element);
    label();
    if (movesFocus) (on ? element : button).focus();
    post({ t: "shown", on });
    emit(on ? "open" : "close");
  }

  function label(): void {
    const news = isOpen || !unread ? "" : `${unread}`;
    badge.textContent = news;
    button.setAttribute("aria-label", isOpen ? close : `${open} ${news}`);
    button.setAttribute("aria-expanded", `${isOpen}`);
  }

  /** No panel on this page, but the chat is only a tab away. */
  function failed(): void {
    const { element } = load();
    element.remove();
    make("a", box, { href: element.src, target: "_blank", textContent: `${open} ↗` });
  }

  button.onclick = () => turn(!isOpen);
  box.onkeydown = (event) => {
    if (event.key === "Escape") turn(false);
  };
  watchPage(host, () => frame?.post({ t: "page", ...currentPage() }));
  label();
  if (resume || wasOpen.get()) turn(true, false);
  else if (kept.get()) load();

  return {
    open: () => turn(true),
    close: () => turn(false),
    toggle: () => turn(!isOpen),
    show: () => {
      box.hidden = false;
    },
    hide: () => {
      turn(false, false);
      box.hidden = true;
    },
    reset: () => {
      turn(false, false);
      kept.set(null);
      frame?.element.remove();
      frame = null;
      forgets = true;
      load();
    },
    destroy: () => {
      turn(false, false);
      heard({ t: "unsent", on: false });
      host.remove();
    },
  };
}

function warn(event: Event): void {
  event.preventDefault();
}
