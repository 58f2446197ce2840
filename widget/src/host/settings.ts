// Which site this is and how it wants its launcher: from the script tag, the page's settings and the server.

import type { Rules } from "./rules";

/** What a page says itself, as `data-…` of the tag or in `window.ChatWidgetSettings`. */
export interface Own {
  site: string;
  /** Where the script came from. */
  src: string;
  nonce?: string;
  lang?: string;
  color?: string;
  position?: string;
  consent?: string;
  label?: string;
  offsetSide?: string | number;
  offsetBottom?: string | number;
  /** A selector: elements of the page that do what the launcher does, which is then not shown. */
  launcher?: string;
  /** The panel stands in this element of the page. */
  inline?: string | Element;
  /** Path patterns, separated by commas. */
  hideOn?: string;
  showOn?: string;
  /** Anything (`off`): the page's title stays as it is. */
  title?: string;
}

interface Launcher extends Rules {
  offset_side?: number;
  offset_bottom?: number;
  /** A letter in place of the bubble. */
  sign?: string;
  label?: string;
  phone?: string;
}

/** What the server says; nothing where it could not be asked. */
interface Site {
  name?: string;
  color?: string;
  position?: string;
  corners?: string;
  scheme?: string;
  consent?: string;
  launcher?: Launcher;
  /** The language that the server chose, and what the launcher says in it. */
  language?: string;
  dir?: string;
  words?: Partial<Record<"open" | "close" | "dismiss", string>>;
  /** The path of their script, for sites that have some. */
  greetings?: string;
}

export interface Settings {
  own: Own;
  found: Site;
  key: string;
  /** The service's address, with a trailing slash; it may live below a path. */
  base: string;
  /** Names the site, and the languages asked for by the tag, by the page and by the browser. */
  query: string;
}

// Longer, and the launcher stands there with its defaults.
const PATIENCE_MS = 4_000;

/** Null: no tag of ours, or none that names a site. */
export function findOwn(): Own | null {
  const tag = document.currentScript as HTMLScriptElement | null;
  const { ChatWidgetSettings } = window as { ChatWidgetSettings?: Partial<Own> };
  const own = tag && { ...ChatWidgetSettings, ...tag.dataset, src: tag.src, nonce: tag.nonce };
  return own?.site ? (own as Own) : null;
}

/** Null: there is no such site, so show nothing. */
export async function loadSettings(own: Own): Promise<Settings | null> {
  const { site, lang = "" } = own;
  const base = new URL(".", own.src).href;
  const like = `${[document.documentElement.lang, ...navigator.languages]}`;
  const query = `?${new URLSearchParams({ site, lang, like })}`;
  const found = await fetchSite(`${base}widget/config${query}`);
  return found && { own, found, key: site, base, query };
}

/** The page's own CSP may forbid the question, its scripts break `fetch`, or the server be away: then guess. */
async function fetchSite(address: string): Promise<Site | null> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.status === 404 ? null : await answer.json();
  } catch {
    return {};
  }
}
