// The button for files. What draws and sends them comes when the server has said that it takes some.

import { useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useChat } from "../context";
import { AttachIcon } from "./icons";

const AGAIN_MS = 3_000;

export function Attach({ onFiles }: { onFiles: () => void }) {
  const { session, files, t } = useChat();
  const picker = useRef<HTMLInputElement>(null);
  const limits = useComputed(() => session.store.state.value.limits);
  const isOffered = (limits.value?.files ?? 0) > 0;

  // Here before it is needed: without a network a file can still be chosen, but no code be loaded.
  useEffect(() => {
    if (isOffered) void files.load().catch(() => {});
  }, [isOffered]);

  /** Chosen is chosen: should the network be away just now, the code comes when it is back. */
  async function take(chosen: File[]): Promise<void> {
    onFiles();
    try {
      (await files.load()).add(chosen);
    } catch {
      setTimeout(() => void take(chosen), AGAIN_MS);
    }
  }

  if (!isOffered) return null;
  return (
    <>
      <input
        type="file"
        ref={picker}
        hidden
        multiple
        accept={limits.value?.file_types?.join()}
        onChange={(event) => {
          void take([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <button
        type="button"
        class="icon-button"
        aria-label={t("attach")}
        onClick={() => picker.current?.click()}
      >
        <AttachIcon />
      </button>
    </>
  );
}
