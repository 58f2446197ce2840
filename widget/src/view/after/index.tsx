// What comes after a chat. Loaded when a chat has an end, when somebody asks, or from the menu.

import type { Language } from "../../text";
import { wear } from "../wear";
import styles from "./after.css?inline";
import { Menu, type MenuProps } from "./menu";
import { openOwn } from "./own";
import { Rating } from "./rating";
import { AfterWordsProvider, loadAfterWords } from "./words";

export interface AfterOptions {
  language: Language;
  token(): string | null;
  mails: boolean;
}

/** The views, with their words and their looks. */
export async function loadAfter({ language, token, mails }: AfterOptions) {
  const words = await loadAfterWords(language);
  const own = openOwn(token, language.locale);
  wear(styles);
  return {
    Rating: () => (
      <AfterWordsProvider value={words}>
        <Rating />
      </AfterWordsProvider>
    ),
    Menu: (props: MenuProps) => (
      <AfterWordsProvider value={words}>
        <Menu own={own} mails={mails} {...props} />
      </AfterWordsProvider>
    ),
  };
}
