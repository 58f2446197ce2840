import { describe, expect, it } from "vitest";
import type { Link } from "../state/link";
import type { Storage } from "../wire";
import { type Situation, truthOf } from "./banner-truth";

const well: Situation = {
  link: { is: "online" },
  hasNetwork: true,
  storage: "ok",
  bus: "ok",
  isEnding: false,
  looksAfter: false,
};
const troubles: Storage[] = ["full", "read_only", "locked", "failing", "away"];

describe("the banner", () => {
  it("says nothing when all is well", () => {
    expect(truthOf(well)).toBeNull();
  });

  it.each(troubles)("says that messages wait and why while the storage is %s", (storage) => {
    expect(truthOf({ ...well, storage })).toEqual({
      is: "unstored",
      says: ["storage.stopped", `storage.${storage}`],
    });
  });

  it("warns of a disk that fills up those who look after the service, and nobody else", () => {
    const low: Situation = { ...well, storage: "low" };
    expect(truthOf(low)).toBeNull();
    expect(truthOf({ ...low, looksAfter: true })?.is).toBe("warning");
  });

  it("says that some messages come late, unless they cannot be stored at all", () => {
    const deaf: Situation = { ...well, bus: "degraded" };
    expect(truthOf(deaf)).toEqual({ is: "warning", says: ["bus.degraded"] });
    expect(truthOf({ ...deaf, storage: "full" })?.is).toBe("unstored");
    expect(truthOf({ ...deaf, storage: "low", looksAfter: true })?.says).toEqual(["bus.degraded"]);
  });

  it("says that the session is about to end, before what only concerns the server", () => {
    expect(truthOf({ ...well, isEnding: true, storage: "full" })?.is).toBe("ending");
    expect(truthOf({ ...well, isEnding: true, hasNetwork: false })?.is).toBe("offline");
  });

  it("speaks of the connection first: what it knows of the server is old", () => {
    const links: Link[] = [
      { is: "connecting" },
      { is: "waiting", until: 0 },
      { is: "stopped", why: "signed_out" },
    ];
    for (const link of links) expect(truthOf({ ...well, storage: "full", link })?.is).toBe(link.is);
    expect(truthOf({ ...well, storage: "full", hasNetwork: false })?.is).toBe("offline");
  });
});
