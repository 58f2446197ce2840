// One row of the thread.

import type { EventRow, Row } from "../../rows";
import { Avatar } from "../avatar";
import { useChat } from "../context";
import { Message } from "./message";

export function RowView({ row }: { row: Row }) {
  switch (row.kind) {
    case "day":
      return <Day at={row.at} />;
    case "event":
      return <Event row={row} />;
    case "message":
      return <Message row={row} />;
  }
}

function Day({ at }: { at: number }) {
  const { times } = useChat();
  return <li class="day">{times.day(at, Date.now())}</li>;
}

function Event({ row }: { row: EventRow }) {
  const { t } = useChat();
  const { text, name, by } = row;
  return (
    <li class="event">
      {by && name && <Avatar name={name} id={by} />}
      {t(text, { name: name ?? "" })}
    </li>
  );
}
