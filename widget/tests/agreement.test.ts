import { expect, it, vi } from "vitest";
import { agreement } from "../src/agreement";
import type { Host, Init, ToFrame } from "../src/bridge";

const page = { url: "https://shop.example/", title: "Shop", referrer: "" };
const init: Init = {
  t: "init",
  page,
  shown: false,
  focused: false,
  kept: null,
  forgets: false,
  said: [],
  asks: true,
};

it("keeps what the page says until the visitor agrees, and asks only who looks", async () => {
  let say: (message: ToFrame) => void = () => {};
  const host: Host = {
    post: vi.fn(),
    onMessage: (handle) => {
      say = handle;
    },
  };
  const look = vi.fn();
  const agreed = agreement({ host, init }, look);
  expect(look).not.toHaveBeenCalled();
  say({ t: "shown", on: true });
  expect(look).toHaveBeenCalledOnce();
  say({ t: "identify", token: "a.b.c" });
  say({ t: "page", url: "https://shop.example/lamp", title: "A lamp", referrer: "" });
  say({ t: "consent" });
  const now = await agreed;
  expect(now).toMatchObject({
    shown: true,
    focused: true,
    page: { title: "A lamp" },
    said: [{ t: "identify", token: "a.b.c" }],
  });
  expect(host.post).not.toHaveBeenCalled();
});
