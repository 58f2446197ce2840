// The button for emoji. Phones have them on the keyboard; there it is not shown (composer.css).

import { useSignal } from "@preact/signals";
import { useChat } from "../context";
import { EmojiIcon } from "./icons";

interface Props {
  onPick(sign: string): void;
  /** The focus goes back to where it was. */
  onDone(): void;
}

export function EmojiButton({ onPick, onDone }: Props) {
  const { emoji, t } = useChat();
  const isOpen = useSignal(false);
  const Picker = emoji.part.value?.Picker;

  function turn(on: boolean): void {
    isOpen.value = on;
    if (on)
      emoji.load().catch(() => turn(false)); // offline, say: another press tries again
    else onDone();
  }

  return (
    <>
      <button
        type="button"
        class="icon-button emoji-button"
        aria-label={t("emoji")}
        aria-expanded={isOpen.value}
        onClick={() => turn(!isOpen.value)}
      >
        <EmojiIcon />
      </button>
      {isOpen.value && Picker && (
        <div class="emoji-place">
          <Picker
            onPick={(sign) => {
              onPick(sign);
              turn(false);
            }}
            onClose={() => turn(false)}
          />
        </div>
      )}
    </>
  );
}
