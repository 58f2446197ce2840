// One message, with what the reader needs to know about it and no more.

import { useEffect } from "preact/hooks";
import { linkify } from "../../links";
import type { MessageRow } from "../../rows";
import type { Key, Words } from "../../text";
import { Avatar } from "../avatar";
import { useChat } from "../context";
import { placeOfAll } from "../file-place";
import { Deeds } from "./deeds";
import { Quote } from "./quote";
import { idOf, useReveal } from "./reveal";

export function Message({ row }: { row: MessageRow }) {
  const { session, site, t } = useChat();
  const show = useReveal();
  const name = row.own ? t("you") : (row.name ?? site.name);
  return (
    <li class={classesOf(row, session.store.state.peek().since)} id={idOf(row.key)}>
      {!row.own && row.last && <Avatar name={name} id={row.by} />}
      <div class="message-body">
        <bdi class={row.own || !row.first ? "unseen" : "message-name"}>{name}</bdi>
        {row.quoted && <Quote quoted={row.quoted} onShow={() => void show(row.quoted)} />}
        {row.files.length > 0 && <Files row={row} />}
        {row.text && (
          <p class="bubble" dir="auto">
            <Linked text={row.text} />
          </p>
        )}
        {row.status !== "failed" && <Deeds row={row} />}
        {row.status === "failed" ? <Failure row={row} /> : <Meta row={row} />}
      </div>
    </li>
  );
}

function Files({ row }: { row: MessageRow }) {
  const { files } = useChat();
  useEffect(() => void files.load().catch(() => {}), [files]);
  const View = files.kit.value?.Files;
  if (View) return <View row={row} />;
  return <div class="files" style={placeOfAll(row.files)} />;
}

function Meta({ row }: { row: MessageRow }) {
  const { t, times, files } = useChat();
  const tells = row.status !== null && row.own;
  if (!row.last && !tells) return null;
  const status = row.own && row.status ? (files.kit.value?.status(row) ?? t(row.status)) : null;
  return (
    <span class="meta">
      <time dateTime={new Date(row.at).toISOString()} title={times.exact(row.at)}>
        {times.clock(row.at)}
      </time>
      {status && <span class="meta-status">{status}</span>}
    </span>
  );
}

function Failure({ row }: { row: MessageRow }) {
  const { session, t, files } = useChat();
  const reason = files.kit.value?.reason(row.code ?? "");
  const id = row.clientId ?? "";
  return (
    <span class="meta meta-failed">
      <span>{reason ?? failureText(t, row.code)}</span>
      <span class="meta-deeds">
        <button type="button" class="quiet-button" onClick={() => session.retry(id)}>
          {t("retry")}
        </button>
        <button type="button" class="quiet-button" onClick={() => session.remove(id)}>
          {t("delete")}
        </button>
      </span>
    </span>
  );
}

function Linked({ text }: { text: string }) {
  return (
    <>
      {linkify(text).map((piece) =>
        typeof piece === "string" ? (
          piece
        ) : (
          <a href={piece.href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        ),
      )}
    </>
  );
}

function classesOf(row: MessageRow, since: number | null): string {
  const classes = ["message", row.own ? "own" : "other"];
  if (row.first) classes.push("first");
  if (row.last) classes.push("last");
  if (row.status === "failed") classes.push("failed");
  // Only what is said from now on moves; a page of history does not.
  if (row.at > (since ?? Number.POSITIVE_INFINITY)) classes.push("new");
  return classes.join(" ");
}

const REASONS: Partial<Record<string, Key>> = {
  text_too_long: "failed.text_too_long",
  bad_text: "failed.bad_text",
};

function failureText(t: Words, code: string | null): string {
  return t(REASONS[code ?? ""] ?? "failed");
}
