// Picks one of many emoji: by eye, by name, by arrow keys.

import { useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { PickerProps } from "../../emoji";
import { useChat } from "../context";
import { EMOJI, type Emoji, find, nameOf } from "./data";
import type { Recent } from "./recent";

// As many as emoji.css puts on a line.
const COLUMNS = 8;

export function Picker({ onPick, onClose, recent }: PickerProps & { recent: Recent }) {
  const { t } = useChat();
  const box = useRef<HTMLDivElement>(null);
  const typed = useSignal("");
  const found = useComputed(() => (typed.value.trim() ? find(typed.value) : all(recent)));
  // With the first drawing: a key that is pressed right away is meant for this.
  useLayoutEffect(() => box.current?.querySelector("input")?.focus(), []);

  function pick(sign: string): void {
    recent.used(sign);
    onPick(sign);
  }

  function pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation(); // the panel would close
      onClose();
    } else if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      const [first] = found.value;
      if (first) pick(first.sign);
    } else move(event);
  }

  return (
    <div class="emoji" ref={box} role="dialog" aria-label={t("emoji")} onKeyDown={pressed}>
      <input
        class="emoji-search"
        type="search"
        placeholder={t("emoji.search")}
        aria-label={t("emoji.search")}
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
        }}
      />
      <div class="emoji-grid">
        {found.value.map((emoji, at) => (
          <One key={`${emoji.sign}${at}`} emoji={emoji} isFirst={at === 0} onPick={pick} />
        ))}
      </div>
      <p class={found.value.length > 0 ? "unseen" : "emoji-none"} role="status">
        {found.value.length === 0 && t("emoji.none")}
      </p>
    </div>
  );
}

interface OneProps {
  emoji: Emoji;
  isFirst: boolean;
  onPick(sign: string): void;
}

function One({ emoji, isFirst, onPick }: OneProps) {
  const name = nameOf(emoji, document.documentElement.lang);
  return (
    <button
      type="button"
      class="emoji-one"
      tabIndex={isFirst ? 0 : -1}
      aria-label={name}
      title={name}
      onClick={() => onPick(emoji.sign)}
    >
      {emoji.sign}
    </button>
  );
}

function all(recent: Recent): readonly Emoji[] {
  const used = recent.get().map((sign) => EMOJI.find((emoji) => emoji.sign === sign));
  return [...used.filter((emoji) => emoji !== undefined), ...EMOJI];
}

/** Arrow keys walk the grid as it is seen; from the search they lead into it, and back. */
function move(event: KeyboardEvent): void {
  const box = event.currentTarget as HTMLElement;
  const all = [...box.querySelectorAll<HTMLElement>(".emoji-one")];
  const here = all.indexOf(event.target as HTMLElement);
  if (here < 0) {
    if (event.key === "ArrowDown") go(event, all[0]);
    return;
  }
  const forward = getComputedStyle(box).direction === "rtl" ? -1 : 1;
  const step = {
    ArrowRight: forward,
    ArrowLeft: -forward,
    ArrowDown: COLUMNS,
    ArrowUp: -COLUMNS,
  }[event.key];
  if (!step) return;
  go(event, all[here + step] ?? (step < 0 ? box.querySelector("input") : null));
}

function go(event: KeyboardEvent, element: HTMLElement | null | undefined): void {
  event.preventDefault();
  element?.focus();
}
