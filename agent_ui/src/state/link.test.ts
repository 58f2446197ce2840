import { CloseCode, type Link } from "@chat/widget/wire";
import { describe, expect, it } from "vitest";
import { readLink } from "./link";

const link = (stage: Link["stage"], code: number | null = null) => ({ stage, code }) as Link;

describe("link", () => {
  it("says connecting until the session stands", () => {
    for (const stage of ["off", "preparing", "opening", "greeting"] as const)
      expect(readLink(link(stage), 0).is).toBe("connecting");
    expect(readLink(link("live"), 0).is).toBe("online");
  });

  it("knows when the next try is due", () => {
    expect(readLink(link("waiting"), 42)).toEqual({ is: "waiting", until: 42 });
  });

  it("says why it stopped", () => {
    expect(readLink(link("stopped", CloseCode.SIGNED_OUT), 0)).toMatchObject({ why: "signed_out" });
    expect(readLink(link("stopped", CloseCode.REPLACED), 0)).toMatchObject({ why: "replaced" });
    expect(readLink(link("stopped", CloseCode.BAD_PROTOCOL), 0)).toMatchObject({ why: "outdated" });
    expect(readLink(link("stopped", CloseCode.TOO_MANY_ERRORS), 0)).toMatchObject({
      why: "refused",
    });
  });
});
