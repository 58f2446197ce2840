// What the views of a conversation share among themselves.

import type { ReadonlySignal, Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Row } from "../../rows";

export interface Shared {
  rows: ReadonlySignal<Row[]>;
  /** The message whose buttons the tabulator reaches; null: the newest. */
  reached: Signal<string | null>;
  /** Said once to those who listen. */
  voice: Signal<string>;
}

const Context = createContext<Shared | null>(null);

export const SharedProvider = Context.Provider;

export function useShared(): Shared {
  const shared = useContext(Context);
  if (!shared) throw new Error("parts of a thread live inside it");
  return shared;
}
