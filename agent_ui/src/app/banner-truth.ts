/** The one thing that is worth saying about the connection and the server, and in which words. Pure. */

import type { Link } from "../state/link";
import type { Key } from "../text/text";
import type { Bus, Storage } from "../wire";

export interface Truth {
  /** `warning`: all goes on. */
  readonly is: "connecting" | "waiting" | "offline" | "stopped" | "unstored" | "ending" | "warning";
  /** Sentences. */
  readonly says: readonly Key[];
}

export interface Situation {
  readonly link: Link;
  readonly hasNetwork: boolean;
  readonly storage: Storage;
  readonly bus: Bus;
  /** Whether the session ends soon unless somebody is there. */
  readonly isEnding: boolean;
  /** Whether this person can do something about the server, or knows who can. */
  readonly looksAfter: boolean;
}

/** Null when all is well. Who is not connected need not know what else is wrong over there. */
export function truthOf({
  link,
  hasNetwork,
  storage,
  bus,
  isEnding,
  looksAfter,
}: Situation): Truth | null {
  if (link.is === "stopped") return { is: "stopped", says: [`link.${link.why}`] };
  if (!hasNetwork) return { is: "offline", says: ["link.offline"] };
  if (link.is === "waiting") return { is: "waiting", says: ["link.lost"] };
  if (link.is === "connecting") return { is: "connecting", says: ["link.connecting"] };
  if (isEnding) return { is: "ending", says: ["link.ending"] };
  if (storage !== "ok" && storage !== "low")
    return { is: "unstored", says: ["storage.stopped", `storage.${storage}`] };
  if (bus === "degraded") return { is: "warning", says: ["bus.degraded"] };
  return storage === "low" && looksAfter ? { is: "warning", says: ["storage.low"] } : null;
}
