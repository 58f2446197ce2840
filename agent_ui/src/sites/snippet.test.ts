import { describe, expect, it } from "vitest";
import type { Site } from "../api/types";
import type { Sections } from "./settings";
import { pinned, withAttributes } from "./snippet";

const site = {
  color: "#0f6a52",
  position: "left",
  locale: "auto",
  snippet: '<script async src="https://chat.example/widget.js" data-site="key"></script>',
} as Site;
const launcher = { offset_side: 20, offset_bottom: 20, label: "" } as Sections["launcher"];
const sections = { launcher, consent: { mode: "on-open" } } as Sections;

describe("the line with its settings", () => {
  it("says what differs from what the loader would guess", () => {
    expect(withAttributes(site, sections)).toBe(
      '<script async src="https://chat.example/widget.js" data-site="key"' +
        ' data-color="#0f6a52" data-position="left"></script>',
    );
  });

  it("escapes the owner's words", () => {
    const wild = { ...sections, launcher: { ...launcher, label: '"><script>&' } };
    expect(withAttributes({ ...site, locale: "ja" }, wild)).toContain(
      'data-lang="ja" data-label="&quot;>&lt;script>&amp;"></script>',
    );
  });
});

it("names one loader and the hash to check it by", () => {
  expect(pinned(site.snippet, { path: "/widget-0a.js", integrity: "sha384-abc/+=" })).toBe(
    '<script async src="https://chat.example/widget-0a.js" integrity="sha384-abc/+="' +
      ' crossorigin="anonymous" data-site="key"></script>',
  );
});
