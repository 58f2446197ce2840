import { describe, expect, it } from "vitest";
import { readAnswer } from "../../src/files/upload";

const refusal = (code: string, temporary: boolean, retry_after?: number) =>
  JSON.stringify({ error: { code, message: "", temporary, retry_after } });

describe("an answer to an upload", () => {
  it("names the file, new or known", () => {
    const file = { id: "f1", name: "a.png", type: "image/png", bytes: 1 };
    expect(readAnswer(201, JSON.stringify({ file }))).toEqual({ file });
    expect(readAnswer(200, JSON.stringify({ file }))).toEqual({ file });
  });

  it.each([
    ["the server's own word", 415, refusal("file_type", false), "file_type", false],
    ["busy for seconds", 429, refusal("rate_limited", true, 3), "rate_limited", true],
    ["full for a minute", 507, refusal("storage_full", true, 60), "storage_full", true],
    ["no more today", 429, refusal("rate_limited", true, 3600), "rate_limited", false],
    ["no room in the workspace", 507, refusal("storage_full", true, 3600), "storage_full", false],
    ["a token that was renewed", 401, refusal("unauthenticated", false), "unauthenticated", true],
    ["a proxy that takes less", 413, "<html>", "file_too_large", false],
    ["a proxy without a service", 502, "<html>", "unavailable", true],
    ["a proxy that forbids", 403, "<html>", "unavailable", false],
    ["a page of somebody else", 200, "<html>sign in to this network", "unavailable", true],
    ["no answer at all", 0, "", "unavailable", true],
  ])("%s (%i)", (_, status, text, code, temporary) => {
    expect(readAnswer(status, text)).toMatchObject({ error: { code, temporary } });
  });
});
