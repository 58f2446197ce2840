// Which site this is and how it wants its launcher: from the script tag and from the server.

export interface Settings {
  key: string;
  /** Where the script came from, with a trailing slash; the service may live below a path. */
  base: string;
  name?: string;
  color?: string;
  position?: string;
  /** The language asked for, else the page's, else the browser's. */
  lang: string;
}

type Tag = HTMLScriptElement;
type Site = Partial<Record<"name" | "color" | "position" | "locale", string>>;

export function findTag(): Tag | null {
  // There is no current script in a module, or when somebody evaluates our text.
  return (document.currentScript ?? document.querySelector("[data-site][src*=widget]")) as Tag;
}

/** What the tag says wins over what the server says. Null: there is no such site, so show nothing. */
export async function loadSettings({ src, dataset }: Tag): Promise<Settings | null> {
  const base = new URL(".", src).href;
  const key = encodeURIComponent(dataset.site as string);
  const site = await fetchSite(`${base}widget/config?site=${key}`);
  const asked = dataset.lang ?? site?.locale;
  // What the page says of itself, else what the browser likes.
  const lang =
    !asked || asked === "auto" ? document.documentElement.lang || navigator.language : asked;
  return site && { ...site, ...dataset, lang, key, base };
}

/** The page's own CSP may forbid the question, or the server be away: then guess. */
function fetchSite(address: string): Promise<Site | null> {
  return fetch(address)
    .then((answer) => (answer.status === 404 ? null : answer.json()))
    .catch(() => ({}));
}
