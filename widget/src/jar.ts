// The visitor's token in a cookie that the browser keeps apart by the site around our frame, for browsers that refuse
// the frame its storage, or take it back. All sub-domains of that site meet it; its scripts cannot read it.

import type { Shelf } from "./wire";

export interface Jar {
  get(): string | null;
  set(value: string): void;
  remove(): void;
}

const TOKEN = "token";
const YEAR_S = 31_536_000;

/** Refused too, it stays empty. */
export function openJar(name: string, page: Document): Jar {
  const put = (value: string, age: number) => {
    const ways = `max-age=${age};secure;samesite=none;partitioned`;
    attempt(() => {
      page.cookie = `${name}=${value};path=${page.location.pathname};${ways}`;
    });
  };
  return {
    get: () => {
      const cookies = attempt(() => page.cookie.split("; ")) ?? [];
      return (
        cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1) || null
      );
    },
    set: (value) => put(value, YEAR_S),
    remove: () => put("", 0),
  };
}

/** As the shelf, with the token in the jar as well: what is there is newer. */
export function withJar(shelf: Shelf, jar: Jar): Shelf {
  return {
    ...shelf,
    get: (name) => (name === TOKEN ? jar.get() : null) ?? shelf.get(name),
    set: (name, value) => {
      shelf.set(name, value);
      if (name === TOKEN) jar.set(value);
    },
    remove: (name) => {
      shelf.remove(name);
      if (name === TOKEN) jar.remove();
    },
    names: () => [...new Set([...shelf.names(), ...(jar.get() ? [TOKEN] : [])])],
    remembers: () => jar.get() !== null,
  };
}

function attempt<Result>(work: () => Result): Result | null {
  try {
    return work();
  } catch {
    return null;
  }
}
