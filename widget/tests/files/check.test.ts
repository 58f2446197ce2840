import { describe, expect, it } from "vitest";
import { endingOf, nameOf, refusalOf } from "../../src/files/check";
import { boxOf } from "../../src/files/shape";
import { createSizes, kindOf, nameParts, shareOf, shownName } from "../../src/files/words";

const limits = { files: 3, file_bytes: 1000, file_types: [".png", ".pdf"] };

describe("a file that a person chose", () => {
  it.each([
    ["photo.png", 1000, null],
    ["PHOTO.PNG", 1, null],
    ["photo.png", 1001, "too_large"],
    ["photo.png", 0, "empty"],
    ["run.exe", 10, "type"],
    ["photo.png.exe", 10, "type"],
    ["photo", 10, "type"],
    [".png", 10, null],
  ])("%s of %i bytes: %s", (name, size, expected) => {
    expect(refusalOf({ name, size }, limits)).toBe(expected);
  });

  it("gets an ending by its type when it has none", () => {
    expect(nameOf({ name: "image", type: "image/png" })).toBe("image.png");
    expect(nameOf({ name: "", type: "application/pdf" })).toBe("file.pdf");
    expect(nameOf({ name: "notes.txt", type: "image/png" })).toBe("notes.txt");
    expect(nameOf({ name: "thing", type: "application/x-odd" })).toBe("thing");
  });

  it.each([
    ["a.tar.gz", ".gz"],
    ["no ending", ""],
    ["end.", ""],
    ["folder.d/file", ""],
    ["报价单.PDF", ".pdf"],
    ["1. Angebot", ""],
  ])("%s ends in %s", (name, ending) => {
    expect(endingOf(name)).toBe(ending);
  });
});

describe("a name on the screen", () => {
  it("keeps its ending apart from what may be cut", () => {
    expect(nameParts("a very long name.pdf")).toEqual({ stem: "a very long name", ending: ".pdf" });
    expect(nameParts("README")).toEqual({ stem: "README", ending: "" });
    expect(nameParts(".png")).toEqual({ stem: ".png", ending: "" });
  });

  it("is free of what would turn or break the line, and never empty", () => {
    expect(shownName("invoice\u202egpj.exe")).toBe("invoicegpj.exe");
    expect(shownName("a\r\nb\u0000.txt")).toBe("ab.txt");
    expect(shownName("\u200f")).toBe("?");
    expect(shownName("חשבונית.pdf")).toBe("חשבונית.pdf");
  });

  it("says what kind it is and how large", () => {
    expect(kindOf("a.tar.gz")).toBe("GZ");
    expect(kindOf("README")).toBe("");
    const size = createSizes("en");
    const mega = 1024 * 1024;
    expect([1, 999, 1024, 1.25 * mega, 20 * mega].map(size)).toEqual([
      "1 byte",
      "999 bytes",
      "1 kB",
      "1.3 MB",
      "20 MB",
    ]);
    expect(createSizes("zh-CN")(1.25 * mega)).toBe("1.3 MB");
  });

  it("counts the shares of files by their weight", () => {
    expect(shareOf([{ bytes: 300, share: 1 }, { bytes: 100 }])).toBe(0.75);
    expect(shareOf([])).toBe(0);
  });
});

describe("the place of a picture", () => {
  it("has the picture's shape and room enough", () => {
    const type = "image/png";
    expect(boxOf({ type, width: 1000, height: 500 }, 200)).toEqual({ width: 200, height: 100 });
    expect(boxOf({ type, width: 100, height: 1000 }, 200)).toEqual({ width: 44, height: 280 });
    expect(boxOf({ type, width: 1, height: 1 }, 200)).toEqual({ width: 44, height: 44 });
    expect(boxOf({ type, width: 100, height: 60 }, 200)).toEqual({ width: 100, height: 60 });
  });

  it("is none for what is no picture, or has no known size", () => {
    expect(boxOf({ type: "image/svg+xml", width: 10, height: 10 }, 200)).toBeNull();
    expect(boxOf({ type: "image/png" }, 200)).toBeNull();
    expect(boxOf({ type: "application/pdf", width: 10, height: 10 }, 200)).toBeNull();
  });
});
