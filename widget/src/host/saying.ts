// What the page says of its visitor: kept for a frame that is not there yet, or comes again.

import type { Said, ToFrame, Values } from "../bridge";
import { check } from "./front";

interface Page {
  url: string;
  title: string;
  referrer: string;
}

type Told = { [T in Said["t"]]?: Extract<Said, { t: T }> };

export interface Saying {
  /** A text alone is a token. */
  identify(visitor: Values | string): void;
  setAttributes(values: Values): void;
  setPage(page: Values): void;
  startWith(text?: string): void;
  tell(message: Said): void;
  /** So far. */
  told(): Told;
  page(): Page;
  /** For the frame's first message. */
  all(): Said[];
  forget(): void;
  /** It was told to, for whoever comes later. */
  forgets?: boolean;
}

/** `title` is the page's own. */
export function openSaying(post: (message: ToFrame) => void, title: () => string): Saying {
  let told: Told = {};
  let ownPage: Values = {};

  const page = () => ({
    url: `${ownPage.url ?? location.href}`,
    title: `${ownPage.title ?? title()}`,
    referrer: document.referrer,
  });

  function tell(message: Said): void {
    told = { ...told, [message.t]: message };
    post(message);
  }

  return {
    page,
    tell,
    told: () => told,
    identify: (visitor) =>
      tell({
        t: "identify",
        traits: flat(typeof visitor === "string" ? { token: visitor } : visitor),
      }),
    setAttributes: (values) =>
      tell({ t: "attributes", values: { ...told.attributes?.values, ...flat(values) } }),
    setPage: (values) => {
      const { url } = flat(values);
      ownPage = url ? { ...values, url: new URL(`${url}`, location.href).href } : values;
      post({ ...page(), t: "page" });
    },
    startWith: (text) => {
      check(typeof (text ?? "") === "string");
      tell({ t: "start", text });
    },
    all: () => {
      const all = Object.values(told);
      delete told.start;
      delete told.greeting;
      return all;
    },
    forget() {
      told = {};
      this.forgets = true;
    },
  };
}

/** Nothing in it has parts of its own. */
function flat(values: Values): Values {
  check(`${values}` === "[object Object]");
  check(Object.values(values).every((value) => Object(value) !== value));
  return values;
}
