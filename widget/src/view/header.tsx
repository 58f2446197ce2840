// Who the visitor is talking to, the menu, and the way out.

import type { ChatState } from "../state";
import type { Words } from "../text";
import { companion } from "../thread";
import { Avatar } from "./avatar";
import { useChat } from "./context";
import { DownIcon, MoreIcon } from "./icons";
import { useReopening } from "./reopening";

interface Props {
  isMenuOpen: boolean;
  onMenu: () => void;
}

export function Header({ isMenuOpen, onMenu }: Props) {
  const { session, site, t, times, shelf, close } = useChat();
  const state = session.store.state.value;
  const agent = companion(state.thread);
  const reopening = useReopening();
  const soon = site.replies_in ? times.span(site.replies_in) : null;
  const isHere = state.stage === "live" && (agent !== null || state.availability === "online");
  return (
    <header class="header">
      <Avatar
        name={agent?.name ?? site.name}
        id={agent?.id}
        isSite={agent === null}
        isHere={isHere}
      />
      <div class="header-text">
        <h1 class="header-name">
          <bdi>{site.name}</bdi>
        </h1>
        <p class="header-status">{statusText(t, state, agent?.name, soon, reopening)}</p>
      </div>
      {(state.conversation || shelf.get("token")) && (
        <button
          type="button"
          class="icon-button"
          aria-label={t("menu")}
          aria-expanded={isMenuOpen}
          onClick={onMenu}
        >
          <MoreIcon />
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

function statusText(
  t: Words,
  { availability, offline, email }: ChatState,
  agent: string | undefined,
  soon: string | null,
  reopening: string | null,
): string {
  if (agent) return t("status.agent", { name: agent });
  if (availability === null) return " ";
  if (availability === "online")
    return soon ? t("status.replies", { time: soon }) : t("status.online");
  // Who has left an address, or is asked for it, is told elsewhere where an answer goes.
  if (offline ?? email) return reopening ? t("status.opens", { at: reopening }) : t("status.away");
  return reopening ? t("status.closed", { at: reopening }) : t("status.offline");
}
