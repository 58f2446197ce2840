import { expect, it } from "vitest";
import { exportPath, offsetOf, printPath } from "./paths";

it("writes the time zone as an offset", () => {
  expect(offsetOf(-480)).toBe("+08:00");
  expect(offsetOf(210)).toBe("-03:30");
  expect(offsetOf(0)).toBe("+00:00");
});

it("leaves notes out unless asked", () => {
  expect(exportPath("a/b", { notes: false })).toMatch(
    /^\/api\/transcripts\/a%2Fb\/text\?tz=[^&]+$/,
  );
  expect(printPath("c", { notes: true })).toContain("notes=1");
});
