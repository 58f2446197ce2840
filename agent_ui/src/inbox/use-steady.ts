/** Keeps the list still while a pointer moves over it: nobody clicks a chat that just slid under the finger. */

import { type PointerEventHandler, useCallback, useRef, useState } from "react";

const REST_MS = 1200;

interface Steady<T> {
  readonly shown: T;
  readonly onPointerMove: PointerEventHandler;
  readonly onPointerLeave: PointerEventHandler;
  /** The person asked for the change: show it at once. */
  release(): void;
}

export function useSteady<T>(wanted: T): Steady<T> {
  const [held, setHeld] = useState<{ value: T } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(wanted);
  latest.current = wanted;

  const release = useCallback(() => {
    clearTimeout(timer.current);
    setHeld(null);
  }, []);

  const onPointerMove = useCallback<PointerEventHandler>(
    (event) => {
      if (event.pointerType === "touch") return;
      clearTimeout(timer.current);
      timer.current = setTimeout(release, REST_MS);
      setHeld((before) => before ?? { value: latest.current });
    },
    [release],
  );

  return {
    shown: held === null ? wanted : held.value,
    onPointerMove,
    onPointerLeave: release,
    release,
  };
}
