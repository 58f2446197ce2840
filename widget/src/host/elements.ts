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
// setting it through the CSSOM is no inline style to a CSP. The last z-index of all, and the last in the document.
const FLOATING = "all:initial!important;position:fixed!important;z-index:2147483647!important";
const INLINE = "all:initial!important;display:block!important;height:100%!important";
// A second site's launcher stands above the first one's.
const STEP = 72;

export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  parent: Node,
  properties?: Partial<HTMLElementTagNameMap[Tag]>,
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  parent.appendChild(element);
  return element;
}

export function build({ own, found }: Settings): Elements {
  const { launcher = {}, language = "", dir = "", corners, scheme = "light dark" } = found;
  const host = document.createElement("chat-widget");
  host.style.cssText = own.inline ? INLINE : FLOATING;
  const root = host.attachShadow({ mode: "closed" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];

  const className = [
    own.inline && "inline bare",
    own.launcher && "bare",
    own.position ?? found.position,
    corners,
    launcher.sign && "sign",
    launcher.phone, // where it is hidden on phones: `hide`
  ].join(" ");
  const box = make("div", root, { className, lang: language, dir });
  const color = `${own.color ?? found.color}`;
  const { offsetSide = launcher.offset_side ?? 20, offsetBottom = launcher.offset_bottom ?? 20 } =
    own;
  const others = document.querySelectorAll("chat-widget").length;
  box.style.cssText = `--side:${offsetSide}px;--bottom:${+offsetBottom + others * STEP}px;--accent:${
    CSS.supports("color", color) ? color : "#2563eb"
  };--sign:"${launcher.sign}";color-scheme:${scheme}`;

  const button = make("button", box);
  make("span", button, { textContent: own.label ?? launcher.label ?? "" });
  const badge = make("b", button);
  const ear = make("output", box);
  return { host, box, button, badge, ear };
}
