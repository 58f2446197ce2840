// Keeps the eye where it was: at the end while it is there, else at the message being read.

import { type ReadonlySignal, type Signal, useSignal, useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Row } from "../../rows";
import { useChat } from "../context";

export interface Follow {
  isAtEnd: Signal<boolean>;
  /** Messages of the other side that arrived below the visible part. */
  missed: Signal<number>;
  toEnd(): void;
}

// Closer than this to the end counts as being there; nearer to the top than that loads the page before.
const END_PX = 48;
const TOP_PX = 160;
// Lower than that, something else has been put in its place, and nothing in it is being read.
const ROOM_PX = 48;

export function useFollow(
  box: RefObject<HTMLDivElement | null>,
  rows: ReadonlySignal<Row[]>,
): Follow {
  const { session } = useChat();
  const { state } = session.store;
  const isAtEnd = useSignal(true);
  const missed = useSignal(0);
  const hasRoom = useSignal(true);
  const before = useRef({ rows: [] as Row[], height: 0 });

  function toEnd(): void {
    const area = box.current;
    // A welcome is read from its beginning.
    if (area && rows.peek().length > 0) area.scrollTop = area.scrollHeight;
    // Known before the browser tells: the room may become smaller in the same moment.
    isAtEnd.value = true;
    missed.value = 0;
  }

  useEffect(() => {
    const area = box.current;
    if (!area) return;
    let height = area.clientHeight;
    const onScroll = () => {
      // Not the reader moved, the room did (a growing composer, a keyboard): keep the end in view.
      if (area.clientHeight !== height && isAtEnd.peek()) {
        height = area.clientHeight;
        toEnd();
        return;
      }
      isAtEnd.value = area.scrollHeight - area.scrollTop - area.clientHeight < END_PX;
      if (isAtEnd.value) missed.value = 0;
      if (area.scrollTop < TOP_PX && !isAtEnd.value) session.earlier();
    };
    area.addEventListener("scroll", onScroll, { passive: true });
    const observer = new ResizeObserver(() => {
      height = area.clientHeight;
      hasRoom.value = height > ROOM_PX;
      if (isAtEnd.peek()) toEnd();
    });
    observer.observe(area);
    return () => {
      area.removeEventListener("scroll", onScroll);
      observer.disconnect();
    };
  }, [session]);

  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    const change = changeOf(before.current.rows, rows.value);
    if (change.isAbove) area.scrollTop += area.scrollHeight - before.current.height;
    else if (isAtEnd.peek() || change.isOwn) toEnd();
    else missed.value += change.received;
    before.current = { rows: rows.value, height: area.scrollHeight };
  }, [rows.value, state.value.typing]);

  useSignalEffect(() => {
    const { shown, thread } = state.value;
    const isRead = shown && thread.length > 0 && isAtEnd.value && hasRoom.value;
    if (isRead && !document.hidden) session.seen();
  });

  return { isAtEnd, missed, toEnd };
}

interface Change {
  isAbove: boolean;
  isOwn: boolean;
  received: number;
}

export function changeOf(before: readonly Row[], after: readonly Row[]): Change {
  const known = new Set(before.map((row) => row.key));
  const last = after.at(-1);
  const added = after.filter((row) => !known.has(row.key));
  const isNewEnd = last !== undefined && !known.has(last.key);
  return {
    isAbove: before.length > 0 && added.length > 0 && !isNewEnd,
    isOwn: isNewEnd && last.kind === "message" && last.own,
    received: added.filter((row) => row.kind === "message" && !row.own).length,
  };
}
