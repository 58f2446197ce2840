// The customiser's page, when that is what is around us: of our own origin, with values nobody saved yet.

import type { Boot } from "../boot";

export interface Stage {
  boot: Boot;
  watch(changed: (boot: Boot) => void): void;
}

export function stageAround(): Stage | null {
  try {
    return (window.parent as { chatStage?: Stage }).chatStage ?? null;
  } catch {
    return null; // a customer's page: not ours to look into
  }
}
