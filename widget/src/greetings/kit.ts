// What the loader hands to the script of greetings, and what the server says of them.

export interface Kit {
  /** The site's key. */
  key: string;
  /** The service's address, with a trailing slash. */
  base: string;
  /** The launcher's own element, for its looks: side, offsets, colour, corners, language. */
  box: HTMLElement;
  /** What a button that closes is called. */
  close: string;
  /** How consent is asked for. */
  mode: string;
  /** Whether something may be kept now, and whether there is a conversation already. */
  mayStore(): boolean;
  hasChat(): boolean;
  page(): { url: string; referrer: string };
  attributes(): Readonly<Record<string, unknown>>;
  /** Opens the panel, with the greeting as its first line. */
  greet(greeting: { id: string; text: string }): void;
  /** Or the launcher is not shown here. */
  isOpen(): boolean;
  /** The panel was opened by other means; the page said more of its visitor, or that they are to be forgotten. */
  told(listener: (news: "open" | "attributes" | "forget") => void): void;
  over: AbortSignal;
}

export interface Rule {
  pages?: readonly string[];
  seconds?: number;
  scroll?: number;
  visits?: number;
  returning?: "new" | "returning";
  referrer?: string;
  exit_intent?: boolean;
  languages?: readonly string[];
  attributes?: Readonly<Record<string, string>>;
}

export interface Greeting {
  id: string;
  text: string;
  every_days: number;
  rule: Rule;
}

export interface Greetings {
  items: readonly Greeting[];
  pause_days: number;
}
