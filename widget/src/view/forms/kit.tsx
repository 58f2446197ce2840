// Puts the forms together: their words, their looks, what was filled in so far.

import type { FormsKit } from "../../forms";
import type { Session } from "../../session";
import type { Language } from "../../text";
import type { Shelf } from "../../wire";
import { wear } from "../wear";
import { createFilling } from "./filling";
import { AskForm } from "./form";
import styles from "./forms.css?inline";
import { loadFormWords } from "./text";

export interface FormsOptions {
  session: Session;
  shelf: Shelf;
  language: Language;
}

export async function createForms({ session, shelf, language }: FormsOptions): Promise<FormsKit> {
  const t = await loadFormWords(language);
  wear(styles);
  return {
    AskForm: ({ kind }) => {
      if (kind === "soon") return null;
      const ask = session.store.state.value[kind];
      if (!ask) return null;
      return <AskForm key={kind} {...{ kind, ask, session, t }} filling={createFilling(shelf)} />;
    },
  };
}
