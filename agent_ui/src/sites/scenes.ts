/** What the stage can play: how far a visitor has come, as far as these settings let them. */

import type { Sections } from "./settings";

export type Scene = "launcher" | "greeting" | "consent" | "open" | "offline" | "talk" | "rating";

/** What one wants to see; `greeting` names one of several. */
export interface Sight {
  scene: Scene;
  greeting?: string | undefined;
}

export interface Said {
  id: string;
  text: string;
}

const IN_ORDER: readonly Scene[] = [
  "launcher",
  "greeting",
  "consent",
  "open",
  "offline",
  "talk",
  "rating",
];

/** Where there is no such thing, what visitors meet instead. */
const INSTEAD: Partial<Record<Scene, Scene>> = {
  greeting: "launcher",
  consent: "open",
  offline: "open",
  rating: "talk",
};

export function scenesOf(sections: Sections): Scene[] {
  return IN_ORDER.filter((scene) => isMet(scene, sections));
}

export function sceneFor(wanted: Scene, sections: Sections): Scene {
  return isMet(wanted, sections) ? wanted : (INSTEAD[wanted] ?? wanted);
}

/** The greeting that is looked at, else the first; null: none is said. */
export function greetingOf({ greetings }: Sections, wanted?: string): Said | null {
  const said = greetings.items.filter(({ active, text }) => active && text.trim() !== "");
  const found = said.find(({ id }) => id === wanted) ?? said[0];
  return found ? { id: found.id, text: found.text.trim() } : null;
}

function isMet(scene: Scene, sections: Sections): boolean {
  switch (scene) {
    case "greeting":
      return greetingOf(sections) !== null;
    case "consent":
      return sections.consent.mode === "required";
    case "offline":
      return sections.forms.offline;
    case "rating":
      return sections.rating.enabled;
    case "launcher":
    case "open":
    case "talk":
      return true;
  }
}
