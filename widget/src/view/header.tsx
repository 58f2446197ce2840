// Who the visitor is talking to, and the two ways out.

import { useComputed } from "@preact/signals";
import type { ChatState } from "../state";
import type { Words } from "../text";
import { companion } from "../thread";
import { Avatar } from "./avatar";
import { useChat } from "./context";
import { DownIcon } from "./icons";
import { useReopening } from "./reopening";

export function Header({ onEnd }: { onEnd: () => void }) {
  const { session, site, t, close } = useChat();
  const state = session.store.state;
  const agent = useComputed(() => companion(state.value.thread));
  const availability = useComputed(() => state.value.availability);
  const canEnd = useComputed(() => mayEnd(state.value));
  const reopening = useReopening();
  const isLive = useComputed(() => state.value.stage === "live");
  const isHere = isLive.value && (agent.value !== null || availability.value === "online");
  return (
    <header class="header">
      <Avatar name={agent.value ?? site.name} isSite={agent.value === null} isHere={isHere} />
      <div class="header-text">
        <h1 class="header-name" dir="auto">
          {site.name}
        </h1>
        <p class="header-status">{statusText(t, agent.value, availability.value, reopening)}</p>
      </div>
      {canEnd.value && (
        <button type="button" class="quiet-button" onClick={onEnd}>
          {t("end")}
        </button>
      )}
      {close && (
        <button type="button" class="icon-button" aria-label={t("close")} onClick={close}>
          <DownIcon />
        </button>
      )}
    </header>
  );
}

function mayEnd(state: ChatState): boolean {
  return state.conversation !== null && state.phase !== "closed" && state.stage === "live";
}

function statusText(
  t: Words,
  agent: string | null,
  availability: ChatState["availability"],
  reopening: string | null,
): string {
  if (agent) return t("status.agent", { name: agent });
  if (availability === null) return " ";
  if (availability === "online") return t("status.online");
  return reopening ? t("status.closed", { at: reopening }) : t("status.offline");
}
