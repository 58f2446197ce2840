// Which site this is and how it wants its launcher: from the script tag and from the server.

export interface Settings {
  key: string;
  /** Where the script came from, with a trailing slash; the service may live below a path. */
  base: string;
  name?: string;
  color?: string;
  position?: string;
  /** Names the site to our server, and the languages asked for by the tag, by the page and by the browser. */
  query: string;
  /** The language that the server chose, and what the launcher says in it. */
  language?: string;
  dir?: string;
  words?: Partial<Record<"open" | "close", string>>;
}

type Tag = HTMLScriptElement;
type Site = Omit<Partial<Settings>, "key" | "base" | "query">;

export function findTag(): Tag | null {
  // There is no current script in a module, or when somebody evaluates our text.
  return (document.currentScript ?? document.querySelector("[data-site][src*=widget]")) as Tag;
}

/** What the tag says wins over what the server says. Null: there is no such site, so show nothing. */
export async function loadSettings({ src, dataset }: Tag): Promise<Settings | null> {
  const base = new URL(".", src).href;
  const { site = "", lang = "" } = dataset;
  const like = `${[document.documentElement.lang, ...navigator.languages]}`;
  const query = `?${new URLSearchParams({ site, lang: lang === "auto" ? like : lang, like })}`;
  const found = await fetchSite(`${base}widget/config${query}`);
  return found && { ...found, ...dataset, key: encodeURIComponent(site), base, query };
}

/** The page's own CSP may forbid the question, or the server be away: then guess. */
function fetchSite(address: string): Promise<Site | null> {
  return fetch(address)
    .then((answer) => (answer.status === 404 ? null : answer.json()))
    .catch(() => ({}));
}
