/** What every screen may ask for: the boot data, the API, the live session and the words. */

import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from "react";
import type { Api } from "../api/http";
import type { Boot, Permission } from "../boot";
import type { Session } from "../session/session";
import type { State } from "../state/state";
import type { Locale, Text } from "../text/text";

export interface Console {
  readonly boot: Boot;
  readonly api: Api;
  readonly session: Session;
  readonly locale: Locale;
  /** How dates and times are written. */
  readonly region: string;
  readonly t: Text;
  setLocale(locale: Locale): void;
}

const ConsoleContext = createContext<Console | null>(null);

export function ConsoleProvider({ children, ...value }: Console & { children: ReactNode }) {
  const { boot, api, session, locale, region, t, setLocale } = value;
  const held = useMemo(
    () => ({ boot, api, session, locale, region, t, setLocale }),
    [boot, api, session, locale, region, t, setLocale],
  );
  return <ConsoleContext value={held}>{children}</ConsoleContext>;
}

export function useConsole(): Console {
  const held = useContext(ConsoleContext);
  if (held === null) throw new Error("outside of ConsoleProvider");
  return held;
}

export function useText(): Text {
  return useConsole().t;
}

export function useMay(permission: Permission): boolean {
  return useConsole().boot.permissions.includes(permission);
}

/** Part of the live state. `select` must return a value that stays the same while nothing changed. */
export function useLive<T>(select: (state: State) => T): T {
  const { store } = useConsole().session;
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
