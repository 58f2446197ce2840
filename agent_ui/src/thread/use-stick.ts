/** Scroll manners of a thread: stay at the end while there, stay put elsewhere, also when the past grows. */

import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";

interface Watched {
  /** Number of the first and of the last fact drawn. */
  first: number;
  last: number;
  /** How many messages of ours are on their way: one more and we want to see it. */
  own: number;
  onTop(): void;
}

interface Stick {
  scroller: RefObject<HTMLDivElement | null>;
  /** The end is out of sight. */
  isAway: boolean;
  /** Something arrived there meanwhile. */
  isBehind: boolean;
  onScroll(): void;
  toEnd(): void;
}

const NEAR_END = 60;
const NEAR_TOP = 160;
const FAR = 240;

export function useStick({ first, last, own, onTop }: Watched): Stick {
  const scroller = useRef<HTMLDivElement>(null);
  const held = useRef({ atEnd: true, height: 0, first, last, own });
  const [isAway, setAway] = useState(false);
  const [isBehind, setBehind] = useState(false);

  useLayoutEffect(() => {
    const box = scroller.current;
    const before = held.current;
    if (box === null) return;
    if (own > before.own) before.atEnd = true;
    if (first < before.first) box.scrollTop += box.scrollHeight - before.height;
    else if (before.atEnd) box.scrollTop = box.scrollHeight;
    else if (last > before.last) setBehind(true);
    held.current = { ...before, height: box.scrollHeight, first, last, own };
  }, [first, last, own]);

  // The composer grows, a picture of the keyboard appears: who is at the end stays there.
  useEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const observer = new ResizeObserver(() => {
      if (held.current.atEnd) box.scrollTop = box.scrollHeight;
    });
    observer.observe(box);
    for (const child of box.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);

  function onScroll(): void {
    const box = scroller.current;
    if (box === null) return;
    const rest = box.scrollHeight - box.clientHeight - box.scrollTop;
    held.current.atEnd = rest < NEAR_END;
    setAway(rest > FAR);
    if (rest < NEAR_END) setBehind(false);
    if (box.scrollTop < NEAR_TOP) onTop();
  }

  function toEnd(): void {
    const box = scroller.current;
    if (box !== null) box.scrollTop = box.scrollHeight;
  }

  return { scroller, isAway, isBehind, onScroll, toEnd };
}
