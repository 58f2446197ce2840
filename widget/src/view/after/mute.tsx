// Sounds on or off, in the menu.

import { useChat } from "../context";

export function Mute() {
  const { muted, t } = useChat();
  return (
    <li>
      <button
        type="button"
        class="after-entry"
        role="switch"
        aria-checked={muted.value}
        onClick={() => {
          muted.value = !muted.value;
        }}
      >
        {t("mute")}
        <span class="after-switch" />
      </button>
    </li>
  );
}
