/** What this browser remembers for the person: sounds and desktop notices. */

import { useLocalStorage } from "@mantine/hooks";

export interface Preferences {
  readonly sound: boolean;
  readonly notices: boolean;
}

const initial: Preferences = { sound: true, notices: false };

export function usePreferences(): readonly [Preferences, (next: Preferences) => void] {
  const [value, set] = useLocalStorage<Preferences>({
    key: "console:preferences",
    defaultValue: initial,
    getInitialValueInEffect: false,
  });
  return [value, set];
}
