/** What is known of a chat: its row in the inbox, or for one that has left it, its transcript's head. */

import { useQuery } from "@tanstack/react-query";
import type { TranscriptPage } from "../api/types";
import { useConsole, useLive } from "../app/context";
import type { ConversationId, InboxRow } from "../wire";

export function useChat(conversation: ConversationId): InboxRow | undefined {
  const { api } = useConsole();
  const row = useLive((state) => state.inbox.rows[conversation]);
  const isReady = useLive((state) => state.inbox.ready);
  const { data } = useQuery({
    queryKey: ["transcript", conversation],
    queryFn: ({ signal }) =>
      api.get<TranscriptPage>(`/api/transcripts/${encodeURIComponent(conversation)}`, {}, signal),
    enabled: isReady && row === undefined,
  });
  return row ?? (data && asRow(data));
}

function asRow({
  conversation,
  phase,
  visitor,
  site,
  agents,
  opened_at,
  closed_at,
  last_at,
}: TranscriptPage): InboxRow {
  return {
    conversation,
    revision: 0,
    phase,
    site,
    assignee: phase === "active" ? agents.at(-1) : undefined,
    visitor: { id: visitor.id, name: visitor.name ?? undefined, email: visitor.email ?? undefined },
    opened_at,
    closed_at: closed_at ?? undefined,
    last_at: last_at ?? undefined,
  };
}
