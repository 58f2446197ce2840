// What the page says of its visitor: kept for a frame that is not there yet, or comes again.

import type { Said, ToFrame, Values } from "../bridge";
import { check } from "./front";

interface Page {
  url: string;
  title: string;
  referrer: string;
}

export interface Saying {
  /** A text alone is a token. */
  identify(visitor: Values | string): void;
  setAttributes(values: Values): void;
  setPage(values: Partial<Page>): void;
  startWith(text?: string): void;
  greet(greeting: { id: string; text: string }): void;
  attributes(): Values;
  page(): Page;
  /** For the frame's first message. */
  all(): Said[];
  forget(): void;
}

/** `title` is the page's own. */
export function openSaying(post: (message: ToFrame) => void, title: () => string): Saying {
  let told: Partial<Record<Said["t"], Said>> = {};
  let attributes: Values = {};
  let ownPage: Partial<Page> = {};

  const page = () => ({
    url: location.href,
    title: title(),
    referrer: document.referrer,
    ...ownPage,
  });

  function tell(message: Said): void {
    told[message.t] = message;
    post(message);
  }

  return {
    page,
    identify: (visitor) => {
      const traits = typeof visitor === "string" ? { token: visitor } : visitor;
      check(isFlat(traits));
      tell({ t: "identify", traits });
    },
    setAttributes: (values) => {
      check(isFlat(values));
      attributes = { ...attributes, ...values };
      tell({ t: "attributes", values: attributes });
    },
    setPage: (values) => {
      check(isFlat(values, ["string"]));
      ownPage = values.url ? { ...values, url: new URL(values.url, location.href).href } : values;
      post({ ...page(), t: "page" });
    },
    startWith: (text) => {
      check(typeof (text ?? "") === "string");
      tell({ t: "start", text });
    },
    greet: (greeting) => tell({ ...greeting, t: "greeting" }),
    attributes: () => attributes,
    all: () => {
      const all = Object.values(told);
      delete told.start;
      delete told.greeting;
      return all;
    },
    forget: () => {
      told = attributes = {};
    },
  };
}

function isFlat(value: object, kinds = ["string", "number", "boolean"]): boolean {
  return (
    `${value}` === "[object Object]" &&
    Object.values(value).every((one) => one === null || kinds.includes(typeof one))
  );
}
