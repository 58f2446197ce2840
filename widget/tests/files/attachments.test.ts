import { beforeEach, describe, expect, it } from "vitest";
import { createAttachments } from "../../src/files/attachments";
import { openVault, type Vault } from "../../src/files/vault";
import { memoryShelf, type Shelf } from "../../src/wire";

const forbidden = () => {
  throw new DOMException("no storage for frames of other origins", "SecurityError");
};

let vault: Vault;
let shelf: Shelf;
let ids: number;
let limits: { files: number; file_bytes: number; file_types: string[] };

beforeEach(() => {
  vault = openVault("test", forbidden, () => 0);
  shelf = memoryShelf();
  ids = 0;
  limits = { files: 3, file_bytes: 10, file_types: [".png", ".txt"] };
});

function open() {
  return createAttachments({
    limits: () => limits,
    vault,
    pictures: { drop: () => {} },
    shelf,
    name: "files",
    measure: async (file) => (file.type === "image/png" ? { width: 4, height: 2 } : null),
    newId: () => {
      ids += 1;
      return `k${ids}`;
    },
  });
}

const later = () => new Promise((resolve) => setTimeout(resolve, 5));
const text = (name: string, words = "words") => new File([words], name, { type: "text/plain" });
const names = (attachments: ReturnType<typeof open>) =>
  attachments.get().files.map((file) => file.name);

describe("attachments", () => {
  it("take what may be sent and say of the others why not", () => {
    const attachments = open();
    attachments.add([
      text("a.txt"),
      text("b.exe"),
      text("c.txt", "far too many words"),
      text("d.txt", ""),
    ]);
    expect(names(attachments)).toEqual(["a.txt"]);
    expect(attachments.get().refused).toMatchObject([
      { name: "b.exe", why: "type" },
      { name: "c.txt", why: "too_large" },
      { name: "d.txt", why: "empty" },
    ]);
  });

  it("take no more than fit into a message, and say so once", () => {
    const attachments = open();
    attachments.add([text("a.txt"), text("b.txt")]);
    attachments.add(["c.txt", "d.txt", "e.txt"].map((name) => text(name)));
    expect(names(attachments)).toEqual(["a.txt", "b.txt", "c.txt"]);
    expect(attachments.get().refused).toMatchObject([{ why: "too_many" }]);
  });

  it("know a picture's size, and the bytes of all", async () => {
    const attachments = open();
    attachments.add([new File(["p"], "p.png", { type: "image/png" }), text("a.txt")]);
    await later();
    expect(attachments.get().files).toMatchObject([
      { key: "k1", upload: "k1", type: "image/png", bytes: 1, width: 4, height: 2 },
      { key: "k2", upload: "k2", type: "text/plain", bytes: 5 },
    ]);
    expect(await (await vault.get("k2"))?.text()).toBe("words");
    expect(vault.loses("k2")).toBe(true);
  });

  it("give up a file that cannot be read", async () => {
    const folder = text("folder.txt");
    folder.arrayBuffer = async () => {
      throw new DOMException("it is a folder", "NotFoundError");
    };
    const attachments = open();
    attachments.add([folder]);
    await later();
    expect(attachments.get()).toEqual({
      files: [],
      refused: [{ name: "folder.txt", why: "unreadable" }],
    });
  });

  it("go with the message and are forgotten then", async () => {
    const attachments = open();
    attachments.add([text("a.txt"), text("b.exe")]);
    expect(attachments.take().map((file) => file.name)).toEqual(["a.txt"]);
    expect(attachments.get()).toEqual({ files: [], refused: [] });
    expect(shelf.names()).toEqual([]);
    await later();
    expect(await vault.get("k1")).not.toBeNull(); // the message needs it still
  });

  it("forget a removed one and its bytes, and tell who listens", async () => {
    const attachments = open();
    attachments.add([text("a.txt"), text("b.txt")]);
    await later();
    let told = 0;
    attachments.subscribe(() => {
      told += 1;
    });
    attachments.remove("k1");
    await later();
    expect(names(attachments)).toEqual(["b.txt"]);
    expect(await vault.get("k1")).toBeNull();
    expect(told).toBe(1);
  });

  it("are there again after a reload, without those whose bytes are gone", async () => {
    open().add([text("a.txt"), text("b.txt")]);
    await later();
    await vault.remove("k2");
    const again = open();
    expect(names(again)).toEqual(["a.txt", "b.txt"]);
    await later();
    expect(names(again)).toEqual(["a.txt"]);
  });

  it("make nothing of what is not theirs", () => {
    shelf.set("files", '[{"key": 1}, "x"]');
    expect(open().get().files).toEqual([]);
    shelf.set("files", "{broken");
    expect(open().get().files).toEqual([]);
  });
});
