// For pages that are made by a bundler: adds the loader's script tag, and knows the types of its interface.

export type Value = string | number | boolean | null;
export type Values = Readonly<Record<string, Value>>;

/** What a page can listen to, and what a listener is told. */
export interface ChatEvents {
  ready: undefined;
  open: undefined;
  close: undefined;
  /** How many messages of agents were not seen. */
  unread: number;
  message: { from: "agent" | "visitor" };
  availability: "online" | "offline";
  "said:identify": undefined;
  "said:attributes": undefined;
  "said:page": undefined;
  "said:start": undefined;
  "chat:start": undefined;
  "chat:end": undefined;
  /** Whether who the page says the visitor is was believed, and if not, why. */
  identity: { verified: boolean; code?: string };
  consent: boolean;
  error: { code: "unknown_command" | "bad_argument"; command: unknown };
}

export interface Chat {
  (command: "open" | "close" | "toggle" | "show" | "hide" | "reset" | "destroy"): void;
  /** `token`: a short JWT that your server signed with the site's key. */
  (command: "identify", visitor: string | (Values & { token?: string })): void;
  /** Merged with those before; null takes one away. */
  (command: "setAttributes", values: Values): void;
  /** Holds until the visitor moves on. */
  (command: "setPage", page: { url?: string; title?: string }): void;
  /** `text` is proposed to the visitor, not sent. */
  (command: "startConversation", text?: string): void;
  (command: "consent", given?: boolean): void;
  <Name extends keyof ChatEvents>(
    command: "on" | "off",
    event: Name,
    listener: (detail: ChatEvents[Name]) => void,
  ): void;
}

export interface ChatOptions {
  /** Where the service lives, with its path if it has one. */
  origin: string;
  /** The site's public key. */
  site: string;
  position?: "left" | "right";
  color?: string;
  label?: string;
  /** A language's tag, or `auto`. */
  lang?: string;
  offsetSide?: number;
  offsetBottom?: number;
  /** Elements of the page that do what the launcher does. */
  launcher?: string;
  /** The panel stands in this element. */
  inline?: string | Element;
  /** Paths or addresses, separated by commas, `*` for anything. */
  hideOn?: string;
  showOn?: string;
  consent?: "required" | "on-open" | "granted";
  /** Whether the page's title counts what is unread. */
  title?: "off";
  /** Of the page's content security policy. */
  nonce?: string;
  /** Of a loader that is named by its content; `file` is its name. */
  integrity?: string;
  file?: string;
}

type Call = readonly unknown[];
interface Front {
  (...call: Call): void;
  q?: Call[];
  sites?: Record<string, (...call: Call) => void>;
}
/** Where a policy demands Trusted Types, an address of a script is one. */
interface TypesFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): TypesPolicy;
}
interface TypesPolicy {
  createScriptURL(address: string): { toString(): string };
}
interface Page {
  ChatWidget?: Front;
  ChatWidgetSettings?: object;
  trustedTypes?: TypesFactory;
}

/** A policy allows names of policies by this one: `trusted-types chatserver-widget`. */
const POLICY = "chatserver-widget";
let policy: TypesPolicy | undefined;

/** Takes calls at once. On a server, where there is no page, it does nothing. */
export function loadChat(options: ChatOptions): Chat {
  if (typeof document === "undefined") return () => {};
  const { origin, site, nonce, integrity, file = "widget.js", ...settings } = options;
  const page = window as unknown as Page;
  page.ChatWidget ??= (...call) => {
    const front = page.ChatWidget as Front;
    front.q ??= [];
    front.q.push(call);
  };
  if (!page.ChatWidget.sites?.[site]) whenLoaded(() => add(new URL(file, `${origin}/`).href));

  function add(address: string): void {
    page.ChatWidgetSettings = { ...settings, site };
    const tag = document.createElement("script");
    tag.async = true;
    if (!point(tag, address)) return;
    if (nonce) tag.nonce = nonce;
    if (integrity) {
      tag.integrity = integrity;
      tag.crossOrigin = "anonymous";
    }
    document.head.append(tag);
  }

  return (...call: Call) => (page.ChatWidget?.sites?.[site] ?? page.ChatWidget)?.(...call);
}

/** False where the page's policy refuses; the browser has said so in its console by then. */
function point(tag: HTMLScriptElement, address: string): boolean {
  try {
    tag.src = trusted(address) as string;
    return true;
  } catch {
    return false; // a chat that is not there must not take the page along
  }
}

function trusted(address: string): unknown {
  const types = (window as unknown as Page).trustedTypes;
  if (!types) return address;
  try {
    policy ??= types.createPolicy(POLICY, { createScriptURL: (own) => own });
  } catch {
    return address; // another policy of the page, called `default`, may take it
  }
  return policy.createScriptURL(address);
}

function whenLoaded(work: () => void): void {
  if (document.readyState === "complete") work();
  else addEventListener("load", work, { once: true });
}
