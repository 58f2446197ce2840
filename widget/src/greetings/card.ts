// A small card beside the launcher: read aloud once, opened by a click, gone for good by another. It never takes
// the focus, and never covers the launcher.

import styles from "./card.css?inline";
import type { Kit } from "./kit";

export interface Card {
  remove(): void;
}

export interface Answers {
  opened(): void;
  dismissed(): void;
}

export function showCard(kit: Pick<Kit, "box" | "close">, text: string, answers: Answers): Card {
  const { box: launcher } = kit;
  const host = document.createElement("chat-greeting");
  // Against whatever the page thinks of unknown elements; through the CSSOM that is no inline style to a CSP.
  host.style.cssText = "all:initial!important";
  const root = host.attachShadow({ mode: "closed" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];

  const box = document.createElement("div");
  // Dressed as the launcher: its side, corners, colours and offsets.
  box.className = launcher.className;
  box.lang = launcher.lang;
  box.dir = launcher.dir;
  box.style.cssText = launcher.style.cssText;
  // A region that is filled after it is there is read aloud once, when nothing else is being read.
  const ear = document.createElement("section");
  ear.setAttribute("role", "status");
  root.append(box);
  box.append(ear);
  document.documentElement.append(host);

  const words = button("words", () => answers.opened());
  words.dir = "auto";
  words.textContent = text;
  const close = button("close", () => answers.dismissed());
  close.textContent = "×";
  close.setAttribute("aria-label", kit.close);
  box.onkeydown = (event) => {
    if (event.key === "Escape") answers.dismissed();
  };
  setTimeout(() => ear.append(words, close));
  return { remove: () => host.remove() };
}

function button(name: string, clicked: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  made.onclick = clicked;
  return made;
}
