// The launcher's elements, out of reach of the host page's styles and scripts.

import styles from "./host.css?inline";
import type { Settings } from "./settings";

export interface Elements {
  host: HTMLElement;
  box: HTMLElement;
  button: HTMLButtonElement;
  badge: HTMLElement;
  /** Says news while the panel is closed; a live region inside a hidden frame would not be heard. */
  ear: HTMLElement;
}

// `all: initial` undoes whatever the page's stylesheet thinks of unknown elements, even with !important;
// setting it through the CSSOM is no inline style to a CSP.
const HOST_STYLE = "all:initial!important;position:fixed!important;z-index:2147483000!important";

export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  parent: Node,
  properties?: Partial<HTMLElementTagNameMap[Tag]>,
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  parent.appendChild(element);
  return element;
}

type Looks = Pick<Settings, "color" | "position" | "language" | "dir">;

export function build({ color, position, language = "", dir = "" }: Looks): Elements {
  const host = document.createElement("chat-widget");
  host.style.cssText = HOST_STYLE;
  const root = host.attachShadow({ mode: "closed" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
  const box = make("div", root, { className: `${position}`, lang: language, dir });
  const accent = CSS.supports("color", `${color}`) ? color : "#2563eb";
  box.style.setProperty("--accent", `${accent}`);
  const button = make("button", box);
  const badge = make("b", button);
  const ear = make("output", box);
  // Below <html>, not <body>: sites that swap the body on navigation keep their chat.
  document.documentElement.appendChild(host);
  return { host, box, button, badge, ear };
}
