// The customiser's page, when that is what is around us: of our own origin, with values nobody saved yet.

import type { Boot } from "../boot";
import type { FormAsk } from "../wire";

export interface Told {
  boot: Boot;
  /** What the visitor meets: how far they have come already. */
  scene: "launcher" | "greeting" | "consent" | "open" | "offline" | "talk" | "rating";
  before: FormAsk | null;
  offline: FormAsk | null;
  greeting: { id: string; text: string } | null;
}

export interface Stage {
  readonly told: Told;
  watch(changed: (told: Told) => void): void;
}

/** The agent who is played there has the face of the first in the team. */
export const facesOn = ({ looks }: Boot): Record<string, string> => ({
  agent: looks.team[0]?.photo ?? "",
});

export function stageAround(): Stage | null {
  try {
    return (window.parent as { chatStage?: Stage }).chatStage ?? null;
  } catch {
    return null; // a customer's page: not ours to look into
  }
}
