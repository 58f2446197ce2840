// The emoji somebody used last, the newest first.

import type { Shelf } from "../../wire";

export interface Recent {
  get(): readonly string[];
  used(sign: string): void;
}

const NAME = "emoji";
// Two lines of the picker.
const MOST = 16;

export function openRecent(shelf: Shelf): Recent {
  const get = () => (shelf.get(NAME) ?? "").split(" ").filter(Boolean).slice(0, MOST);
  return {
    get,
    used: (sign) => {
      const others = get().filter((one) => one !== sign);
      shelf.set(NAME, [sign, ...others].slice(0, MOST).join(" "));
    },
  };
}
