import type { Dial, WireEvents } from "../../src/wire";

export interface FakeWire {
  dial: Dial;
  /** One entry per dialled connection, oldest first. */
  lines: Line[];
  last(): Line;
}

export interface Line {
  sent: { t: string; id?: number; [field: string]: unknown }[];
  hungUp: boolean;
  open(): void;
  say(frame: object): void;
  /** A poll was answered, with nothing in it. */
  answer(): void;
  drop(code?: number): void;
}

/** A transport without a network: the test plays the server. */
export function fakeWire(): FakeWire {
  const lines: Line[] = [];
  return {
    lines,
    dial: (events) => {
      const line = fakeLine(events);
      lines.push(line);
      return {
        send: (text) => void line.sent.push(JSON.parse(text)),
        close: () => {
          line.hungUp = true;
        },
      };
    },
    last: () => {
      const line = lines.at(-1);
      if (!line) throw new Error("nobody dialled");
      return line;
    },
  };
}

function fakeLine(events: WireEvents): Line {
  return {
    sent: [],
    hungUp: false,
    open: () => events.opened(),
    say: (frame) => events.message(JSON.stringify(frame)),
    answer: () => events.alive(),
    drop: (code = 1006) => events.closed(code),
  };
}
