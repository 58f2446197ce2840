import { describe, expect, it } from "vitest";
import { readKey } from "./keys";

const press = (key: string, more = {}) => ({ key, mod: false, alt: false, inText: false, ...more });

describe("keys", () => {
  it("are commands outside of text and letters inside", () => {
    expect(readKey(false, press("j")).command).toBe("next");
    expect(readKey(false, press("j", { inText: true })).command).toBeNull();
  });

  it("open the palette from anywhere", () => {
    expect(readKey(false, press("k", { mod: true, inText: true })).command).toBe("palette");
  });

  it("move between chats with Alt also while writing", () => {
    expect(readKey(false, press("ArrowDown", { alt: true, inText: true })).command).toBe("next");
  });

  it("go somewhere after g, once", () => {
    const { prefix } = readKey(false, press("g"));
    expect(readKey(prefix, press("t"))).toEqual({ command: "transcripts", prefix: false });
    expect(readKey(false, press("t")).command).toBe("take");
  });

  it("leave the browser's own shortcuts alone", () => {
    expect(readKey(false, press("t", { mod: true })).command).toBeNull();
    expect(readKey(false, press("n", { mod: true })).command).toBeNull();
  });
});
