import { expect, it } from "vitest";
import type { CannedReply } from "../api/types";
import { matchCanned } from "./match";

function reply(shortcut: string, title = "", text = ""): CannedReply {
  return { id: shortcut, shortcut, title, text, version: 1, updated_at: "", updated_by: "" };
}

const ids = (list: readonly CannedReply[]) => list.map((one) => one.id);

it("ranks shortcut, beginning, inside, title, text", () => {
  const replies = [
    reply("a", "", "re"),
    reply("b", "more"),
    reply("pre"),
    reply("refund"),
    reply("re"),
  ];
  expect(ids(matchCanned(replies, "re"))).toEqual(["re", "refund", "pre", "b", "a"]);
});

it("ignores case and width", () => {
  expect(ids(matchCanned([reply("ＲＥ"), reply("x")], "re"))).toEqual(["ＲＥ"]);
});

it("shows all for an empty query and none without a match", () => {
  expect(matchCanned([reply("a"), reply("b")], "")).toHaveLength(2);
  expect(matchCanned([reply("a")], "zzz")).toEqual([]);
});
