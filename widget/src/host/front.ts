// `window.ChatWidget`: takes calls before, while and after a chat is there, and never throws into the page.

export type Emit = (event: string, detail?: unknown) => void;
export type Commands = Record<string, (detail: never) => void>;

type Call = readonly unknown[];
type Site = (...call: Call) => void;
interface Front {
  (...call: Call): void;
  /** Calls made through the stub before this script came, and those made while there is no chat. */
  q?: Call[];
  /** By key, where a page has several. The name alone speaks to the first of them. */
  sites?: Record<string, Site>;
}
interface Page {
  ChatWidget?: Front;
}

type Start = (emit: Emit, begin: (commands: Commands) => void) => void;

/** Does nothing where this site's chat is already: pasted twice, the first one does it. */
export function openFront(page: object, key: string, start: Start): void {
  const window: Page = page;
  const found = window.ChatWidget;
  if (found?.sites?.[key]) return;
  const calls = found?.q?.splice?.(0) ?? [];
  const sites = found?.sites ?? makeFront(window);
  const site: Site = openSite(start, () => {
    // Destroyed twice, while it was asking and now: by then its name may be another one's.
    if (sites[key] === site) delete sites[key];
  });
  sites[key] = site;
  for (const call of calls) window.ChatWidget?.(...call);
}

function makeFront(page: Page): Record<string, Site> {
  const sites: Record<string, Site> = {};
  const q: Call[] = [];
  const front = (...call: Call) => {
    const [first] = Object.values(sites);
    if (first) first(...call);
    else q[q.length] = call; // its chat was destroyed: they are for the next one
  };
  // Whoever still holds the stub gets through.
  q.push = (call) => {
    front(...call);
    return 0;
  };
  page.ChatWidget = Object.assign(front, { sites, q });
  return sites;
}

function openSite(start: Start, gone: () => void): Site {
  let listeners: Call[] = [];
  let commands: Commands | null = null;
  let waiting: Call[] = [];

  function emit(event: string, detail?: unknown): void {
    // In a turn of its own: what it throws is the page's affair, and does not stop us.
    for (const [name, listener] of listeners)
      if (name === event) queueMicrotask(() => (listener as (detail: unknown) => void)(detail));
  }

  function listen(name: unknown, event: unknown, listener: unknown): void {
    check(typeof listener === "function");
    listeners = listeners.filter((found) => found[0] !== event || found[1] !== listener);
    if (name === "on") listeners.push([event, listener]);
  }

  function run(call: Call): void {
    const [name, first, second] = call;
    if (name === "on" || name === "off") listen(name, first, second);
    else if (commands) (commands[`${name}`] ?? unknown)(first as never);
    else waiting = name === "destroy" ? [call] : [...waiting, call];
    if (name === "destroy") gone();
  }

  function site(...call: Call): void {
    try {
      run(call);
    } catch (code) {
      // biome-ignore lint/suspicious/noConsole: for whoever builds the page
      console.error("ChatWidget", code, ...call);
      emit("error", { code: `${code}`, command: call[0] });
    }
  }

  start(emit, (made) => {
    commands = made;
    for (const call of waiting) site(...call);
  });
  return site;
}

function unknown(): never {
  throw "unknown_command";
}

/** What is no fit argument for a command is told to whoever builds the page. */
export function check(fits: boolean): void {
  if (!fits) throw "bad_argument";
}
