// Bytes go when the message that they belonged to is stored or deleted.

import type { Outgoing } from "../wire";
import type { Pictures } from "./pictures";
import type { Vault } from "./vault";

/** Hears of each new outbox. */
export function createRelease(
  vault: Pick<Vault, "remove">,
  pictures: Pick<Pictures, "drop">,
): (outbox: readonly Outgoing[]) => void {
  let before: readonly string[] = [];
  return (outbox) => {
    const now = keysOf(outbox);
    for (const key of before.filter((one) => !now.includes(one))) {
      pictures.drop(key);
      void vault.remove(key);
    }
    before = now;
  };
}

export function keysOf(outbox: readonly Outgoing[]): string[] {
  return outbox.flatMap(({ files = [] }) => files.map(({ key }) => key));
}
