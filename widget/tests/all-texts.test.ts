import { expect, it } from "vitest";
import { locales } from "../src/text";
import { textsIn } from "../src/text/all";
import de from "../src/text/de.json";
import filesDe from "../src/view/files/text/de.json";

it.each(locales)("knows every text in %s under the key of an own one", (locale) => {
  expect(Object.keys(textsIn(locale)).sort()).toEqual(Object.keys(textsIn("en")).sort());
});

it("names the parts that are loaded later, and the launcher", () => {
  const texts = textsIn("de");
  expect(texts.today).toBe(de.today);
  expect(texts["files/drop"]).toBe(filesDe.drop);
  expect(texts["launcher/open"]).toBe("Chat öffnen");
});
