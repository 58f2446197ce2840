/** The line for a website: with the launcher's settings in it, for pages whose policy forbids the loader to ask for
them; or with one loader and no other. */

import type { Site } from "../api/types";
import type { Loader } from "./queries";
import type { Sections } from "./settings";

// As the loader has them.
const OFFSET = 20;

export function withAttributes(site: Site, { launcher, consent }: Sections): string {
  const attributes: [name: string, value: string][] = [
    ["color", site.color],
    ["position", site.position],
    ["lang", site.locale === "auto" ? "" : site.locale],
    ["offset-side", launcher.offset_side === OFFSET ? "" : `${launcher.offset_side}`],
    ["offset-bottom", launcher.offset_bottom === OFFSET ? "" : `${launcher.offset_bottom}`],
    ["label", launcher.label],
    ["consent", consent.mode === "on-open" ? "" : consent.mode],
  ];
  const text = attributes
    .filter(([, value]) => value !== "")
    .map(([name, value]) => ` data-${name}="${escaped(value)}"`)
    .join("");
  return site.snippet.replace("></script>", `${text}></script>`);
}

export function pinned(snippet: string, { path, integrity }: Loader): string {
  return snippet.replace(
    '/widget.js"',
    `${path}" integrity="${integrity}" crossorigin="anonymous"`,
  );
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
}
