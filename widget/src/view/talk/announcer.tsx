// Says each new thing once to those who listen instead of look.

import { useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Row } from "../../rows";
import type { Words } from "../../text";
import { useChat } from "../context";
import { useShared } from "./context";

export function Announcer() {
  const { session, site, t } = useChat();
  const { state } = session.store;
  const { rows, voice } = useShared();
  const words = useSignal("");
  const said = useRef(new Set<string>());

  useSignalEffect(() => {
    const since = state.value.since ?? Number.POSITIVE_INFINITY;
    const news = rows.value.filter((row) => !said.current.has(keyOf(row)) && isNews(row, since));
    for (const row of news) said.current.add(keyOf(row));
    const lines = news.map((row) => spoken(row, t, site.name)).filter((line) => line !== null);
    if (lines.length > 0) words.value = lines.join("\n");
  });

  return (
    <p class="unseen" role="status" aria-live="polite">
      {voice.value || words.value}
    </p>
  );
}

function isNews(row: Row, since: number): boolean {
  if (row.kind === "day") return false;
  return row.at > since || (row.kind === "message" && row.status === "failed");
}

function spoken(row: Row, t: Words, siteName: string): string | null {
  if (row.kind === "event") return t(row.text, { name: row.name ?? "" });
  if (row.kind !== "message") return null;
  const text = [row.text, ...row.files.map((file) => file.name)].filter(Boolean).join(", ");
  if (row.status === "failed") return `${t("failed")}: ${text}`;
  return row.own ? null : t("says", { name: row.name ?? siteName, text });
}

/** A message that fails has something new to say under its old key. */
function keyOf(row: Row): string {
  return row.kind === "message" && row.status === "failed" ? `${row.key}:failed` : row.key;
}
