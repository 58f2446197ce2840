// Every text of the widget in every language, for where a site's owner replaces them. Far too much for the widget itself.

import type { Locale } from "./locales";
import type { Entry } from "./text";

type Texts = Record<string, Entry>;

const OWN = import.meta.glob<Texts>("../**/text/*.json", { eager: true, import: "default" });
const LAUNCHER = import.meta.glob<Texts>("../../../chatserver/features/embed/visitor_text/*.json", {
  eager: true,
  import: "default",
});
// A catalogue beside this file has no folder of its own before it.
const PATH = /(?:(\w[^/]*)\/text\/)?([^/]+)\.json$/;

/** By the keys that own texts have: with the name of what is loaded later before it, and `launcher/`. */
export function textsIn(locale: Locale): Texts {
  const found: Texts = {};
  for (const [path, catalogue] of Object.entries(OWN)) {
    const [, folder, name] = PATH.exec(path) ?? [];
    if (name !== locale) continue;
    const part = folder ? `${folder}/` : "";
    for (const [key, entry] of Object.entries(catalogue)) found[part + key] = entry;
  }
  const [, launcher = {}] =
    Object.entries(LAUNCHER).find(([path]) => path.endsWith(`/${locale}.json`)) ?? [];
  for (const [key, entry] of Object.entries(launcher)) found[key.replace(".", "/")] = entry;
  return found;
}
