import { expect, it } from "vitest";
import { createText } from "../text/text";
import { ratingText, scoreText } from "./words";

const t = createText("en");

it("puts a rating into words, ours and the site's", () => {
  const rating = { score: 4, resolved: false, reasons: ["fast", "Free tea", "constructor"] };
  expect(ratingText(rating, t)).toBe(
    "4 of 5, good · not resolved · fast answers · Free tea · constructor",
  );
  expect(scoreText(1, createText("zh-CN"))).toBe("1/5 分，很不满意");
});

it("leaves out what was not said", () => {
  expect(ratingText({ score: 5 }, t)).toBe("5 of 5, very good");
});
