// One row of the thread.

import type { EventRow, Row } from "../../rows";
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
  return <li class="event">{t(row.text, { name: row.name ?? "" })}</li>;
}
