// One picture, as large as there is room. A dialog of the browser's own: it keeps the focus, closes on Escape,
// and gives the focus back to where it was.

import type { FileLink } from "./links";

export interface Shown {
  name: string;
  /** What is on screen already; the full picture takes its place. */
  preview: string | null;
  full: Promise<FileLink | null>;
  words: { close: string; download: string };
  download(): void;
}

export function openLightbox({ name, preview, full, words, download }: Shown): void {
  const dialog = make("dialog", "lightbox");
  dialog.setAttribute("aria-label", name);
  const bar = make("div", "lightbox-bar", dialog);
  const title = make("bdi", "lightbox-name", bar);
  title.textContent = name;
  button(bar, words.download, DOWNLOAD, download);
  const close = button(bar, words.close, CLOSE, () => dialog.close());
  const stage = make("div", "lightbox-stage", dialog);
  const image = make("img", "lightbox-image", stage);
  image.alt = name;
  if (preview) image.src = preview;
  void full.then((link) => {
    if (link) image.src = link.url;
  });
  stage.onclick = (event) => event.target === stage && dialog.close();
  // The page around has keys of its own, Escape among them; none of them is meant now.
  dialog.onkeydown = (event) => event.stopPropagation();
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

const CLOSE = "M6 6l12 12M18 6 6 18";
const DOWNLOAD = "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14";
const SVG = "http://www.w3.org/2000/svg";

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  parent?: Element,
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.className = className;
  parent?.append(element);
  return element;
}

function button(parent: Element, name: string, path: string, press: () => void): HTMLButtonElement {
  const element = make("button", "lightbox-button", parent);
  element.type = "button";
  element.setAttribute("aria-label", name);
  element.title = name;
  element.onclick = press;
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  icon.append(line);
  element.append(icon);
  return element;
}
