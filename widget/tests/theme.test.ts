import { describe, expect, it } from "vitest";
import { contrast, parseColor, type Rgb } from "../src/color";
import { accentOf } from "../src/theme";

const numbers = (color: string): Rgb => color.match(/\d+/g)?.map(Number) ?? [];

describe("the site's colour", () => {
  it.each([
    "#2563eb",
    "#000",
    "#fff",
    "#ffd400",
    "#7c3aed",
    "#e11d48",
    "#f97316",
    "#22c55e",
    "#888888",
  ])("can be read on everywhere: %s", (color) => {
    const { accent, onAccent, onLight, onDark } = accentOf(color);
    expect(contrast(numbers(accent), numbers(onAccent))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(numbers(onLight), [255, 255, 255])).toBeGreaterThanOrEqual(4.5);
    for (const ground of [
      [23, 25, 30],
      [37, 40, 47],
    ] as const)
      expect(contrast(numbers(onDark), [...ground])).toBeGreaterThanOrEqual(4.5);
    expect(contrast(numbers(onLight), [242, 243, 245])).toBeGreaterThanOrEqual(4.5);
  });

  it("stays as it is where it can be", () => {
    expect(accentOf("#1d4ed8").accent).toBe("rgb(29 78 216)");
  });

  it("falls back to ours when it is none", () => {
    expect(accentOf("red; background: url(x)")).toEqual(accentOf("#2563eb"));
  });

  it("is read in its two forms", () => {
    expect(parseColor("#0aF")).toEqual([0, 170, 255]);
    expect(parseColor("00aaff")).toEqual([0, 170, 255]);
    expect(parseColor("#00aaf")).toBeNull();
  });
});
