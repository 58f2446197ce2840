import { describe, expect, it } from "vitest";
import { linkify } from "../src/links";

const hrefs = (text: string) =>
  linkify(text).flatMap((piece) => (typeof piece === "string" ? [] : [piece.href]));

describe("links", () => {
  it.each([
    ["see https://a.example/b?c=d#e", ["https://a.example/b?c=d#e"]],
    ["www.a.example, please", ["https://www.a.example/"]],
    ["write to ann@a.example.", ["mailto:ann@a.example"]],
    ["(https://a.example/b)", ["https://a.example/b"]],
    ["https://a.example/wiki/Tea_(drink)", ["https://a.example/wiki/Tea_(drink)"]],
    ["请看https://a.example/茶，谢谢", ["https://a.example/%E8%8C%B6"]],
    ["请看 https://a.example/x。", ["https://a.example/x"]],
  ])("are found in %j", (text, found) => {
    expect(hrefs(text)).toEqual(found);
  });

  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "https://",
    "http://[",
    "a.b.c",
    "<a href='javascript:x'>",
  ])("are never made of %j", (text) => {
    expect(hrefs(text)).toEqual([]);
  });

  it("leave every character of the text in place", () => {
    const text = 'x <b>https://a.example/"onclick="y" & ann@a.example\n\n(www.b.example)!';
    const pieces = linkify(text).map((piece) => (typeof piece === "string" ? piece : piece.text));
    expect(pieces.join("")).toBe(text);
  });

  it("are found quickly in hostile text", () => {
    const started = performance.now();
    for (const unit of ["a@", "www.", "https://", "a.", "((((", "a@a."]) linkify(unit.repeat(2000));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
