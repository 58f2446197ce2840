/** One chat in the list: who, what they said last, how long they wait, what is unread. */

import { VisuallyHidden } from "@mantine/core";
import { useRef } from "react";
import { Link } from "wouter";
import { useLive, useText } from "../app/context";
import { paths } from "../app/paths";
import type { SectionName } from "../state/inbox";
import type { Text } from "../text/text";
import { Face } from "../ui/person";
import { Ago } from "../ui/time";
import { visitorName } from "../visitor/name";
import type { ConversationId, InboxRow } from "../wire";
import classes from "./row.module.css";
import { Waiting } from "./waiting";

interface Props {
  conversation: ConversationId;
  section: SectionName;
  isSelected: boolean;
}

export function Row({ conversation, section, isSelected }: Props) {
  const t = useText();
  const live = useLive((state) => state.inbox.rows[conversation]);
  const isTyping = useLive((state) => state.typing[conversation]?.kind === "visitor");
  const me = useLive((state) => state.me);
  const row = useLast(live);
  if (row === undefined) return null;
  const unread = row.unread ?? 0;
  const name = visitorName(row.visitor, t);
  const isOnline = row.visitor?.online === true;
  return (
    <Link
      href={paths.chat(conversation)}
      className={classes.row}
      aria-current={isSelected ? "true" : undefined}
      data-unread={unread > 0 || undefined}
      data-gone={hasLeft(live, section) || undefined}
    >
      <Face
        name={row.visitor?.name ?? "?"}
        id={row.visitor?.id ?? conversation}
        size={38}
        status={isOnline ? "online" : null}
      />
      <span className={classes.words}>
        <span className={classes.top}>
          <bdi className={classes.name}>{name}</bdi>
          {isOnline && <VisuallyHidden>{t("visitor.online")}</VisuallyHidden>}
          <When row={row} />
        </span>
        <span className={classes.middle}>
          <span className={classes.preview} dir="auto" data-typing={isTyping || undefined}>
            {isTyping ? t("thread.typing.short") : previewText(row, me, t)}
          </span>
          {unread > 0 && (
            <span className={classes.badge}>
              <span aria-hidden>{unread > 99 ? "99+" : unread}</span>
              <VisuallyHidden>{t("inbox.unread", { count: unread })}</VisuallyHidden>
            </span>
          )}
        </span>
        <span className={classes.bottom}>
          {row.site?.name}
          {section === "others" && row.assignee && ` · ${row.assignee.name}`}
        </span>
      </span>
    </Link>
  );
}

/** The queue counts up; elsewhere a message that nobody answered counts up; else the last time. */
function When({ row }: { row: InboxRow }) {
  if (row.phase !== "closed" && row.waiting_since) return <Waiting since={row.waiting_since} />;
  const at = row.closed_at ?? row.last_at ?? row.opened_at;
  return at ? <Ago at={at} className={classes.when} /> : null;
}

export function previewText(row: InboxRow, me: string, t: Text): string {
  const { last } = row;
  if (!last) return t("inbox.noMessages");
  const text = last.text || t("inbox.preview.files", { count: last.files ?? 0 });
  if (last.private) return t("inbox.preview.note", { text });
  if (last.author.kind !== "agent") return text;
  const name =
    last.author.id === me ? t("thread.you") : (last.author.name ?? t("thread.colleague"));
  return t("inbox.preview.agent", { name, text });
}

/** The list is held still, but the chat is no longer where it is drawn. */
function hasLeft(row: InboxRow | undefined, section: SectionName): boolean {
  return row === undefined || (row.gone === true && section !== "closed");
}

/** While the list is held still, a chat that has left is still drawn as it was. */
function useLast(row: InboxRow | undefined): InboxRow | undefined {
  const last = useRef(row);
  if (row !== undefined) last.current = row;
  return last.current;
}
