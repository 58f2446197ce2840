// Whatever the wall clock says, the messages of one tab go out in the order in which they were written.

import { expect, it } from "vitest";
import { createOutbox, memoryShelf, openTabs } from "../src/wire";
import { nothingUploaded } from "./support/files";

it("keeps each tab's order when it adopts another's and the clock was set back", async () => {
  const shelf = memoryShelf();
  const left = (client_id: string, at: number) => ({ client_id, lane: "v", text: client_id, at });
  let now = 5_000;
  let names: string[] = [];
  const outbox = createOutbox({
    deliver: () => new Promise(() => {}),
    upload: nothingUploaded,
    onChange: (messages) => {
      names = messages.map((message) => message.text);
    },
    shelf,
    tabs: openTabs("", "here", undefined),
    newId: () => `id-${now}`,
    clock: { now: () => now, later: () => () => {} },
  });
  outbox.add({ lane: "v", text: "first" });
  now = 1_000; // the clock was an hour fast, and somebody set it right
  outbox.add({ lane: "v", text: "second" });
  shelf.set("outbox.gone", JSON.stringify([left("a", 3_000), left("b", 2_000)]));
  outbox.online(true);
  await Promise.resolve();
  expect(names.filter((name) => name.length > 1)).toEqual(["first", "second"]);
  expect(names.filter((name) => name.length === 1)).toEqual(["a", "b"]);
});
