/** Which sections are folded away; kept in this browser. */

import { useLocalStorage } from "@mantine/hooks";
import type { SectionName } from "../state/inbox";

export function useFolded(): readonly [readonly SectionName[], (section: SectionName) => void] {
  const [folded, setFolded] = useLocalStorage<readonly SectionName[]>({
    key: "console:folded",
    defaultValue: ["closed"],
    getInitialValueInEffect: false,
  });
  const toggle = (section: SectionName): void =>
    setFolded((before) =>
      before.includes(section) ? before.filter((one) => one !== section) : [...before, section],
    );
  return [folded, toggle];
}
