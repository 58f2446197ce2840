/** The unsaved state of the customiser: what is different, whether it is right, and how it is kept. */

import { useEffect, useMemo, useState } from "react";
import type { Site } from "../api/types";
import { useConsole } from "../app/context";
import { fieldError } from "../ui/fields";
import { type Drafted, useSaveSite, useSaveWidget } from "./queries";
import {
  changesOf,
  type Draft,
  differing,
  lookOf,
  type SectionProps,
  type WidgetSettings,
} from "./settings";

// Long enough that a word is asked for once, short enough to seem at once.
const PAUSE_MS = 180;

export interface Editing extends Omit<SectionProps, "site" | "show"> {
  isDirty: boolean;
  isSaving: boolean;
  /** What the widget would be told, the last time that it could be. */
  drafted: Drafted | null;
  error: Error | null;
  save(): Promise<boolean>;
  discard(): void;
}

export function useDraft(site: Site, stored: WidgetSettings, lang: string): Editing {
  const { t } = useConsole();
  const saveSite = useSaveSite(site.id);
  const saveWidget = useSaveWidget(site.id);
  const base = useMemo<Draft>(
    () => ({ look: lookOf(site), sections: without(stored) }),
    [site, stored],
  );
  const [draft, setDraft] = useState(base);
  const [failure, setFailure] = useState<Error | null>(null);
  const look = differing(base.look, draft.look);
  const sections = changesOf(base.sections, draft.sections);
  const asked = JSON.stringify({ site: look, widget: sections, lang });
  const { drafted, error: refused } = usePreview(site.id, asked);
  const error = failure ?? refused;
  const isLookDirty = Object.keys(look).length > 0;
  const isWidgetDirty = Object.keys(sections).length > 0;

  async function save(): Promise<boolean> {
    setFailure(null);
    try {
      let { look: nextLook, sections: nextSections } = draft;
      if (isWidgetDirty)
        nextSections = without(
          await saveWidget.mutateAsync({ ...sections, version: stored.version }),
        );
      if (isLookDirty) nextLook = lookOf(await saveSite.mutateAsync(look));
      // As the server keeps it: trimmed, say, or in lower case.
      setDraft({ look: nextLook, sections: nextSections });
      return true;
    } catch (caught) {
      setFailure(caught as Error);
      return false;
    }
  }

  return {
    draft,
    drafted,
    error,
    isDirty: isLookDirty || isWidgetDirty,
    isSaving: saveSite.isPending || saveWidget.isPending,
    save,
    discard: () => {
      setFailure(null);
      setDraft(base);
    },
    setLook: (part) => change((now) => ({ ...now, look: { ...now.look, ...part } })),
    set: (name, part) =>
      change((now) => ({
        ...now,
        sections: { ...now.sections, [name]: { ...now.sections[name], ...part } },
      })),
    wrong: (field) => fieldError(error, field, t),
  };

  function change(next: (now: Draft) => Draft): void {
    setFailure(null);
    setDraft(next);
  }
}

function without({ version: _, ...sections }: WidgetSettings): Draft["sections"] {
  return sections;
}

/** Asks the server what this would be: the same code that tells visitors, and that refuses what is wrong. */
function usePreview(site: string, asked: string): { drafted: Drafted | null; error: Error | null } {
  const { api } = useConsole();
  const [answer, setAnswer] = useState<{ drafted: Drafted | null; error: Error | null }>({
    drafted: null,
    error: null,
  });
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(() => {
      api.post<Drafted>(`/api/sites/${encodeURIComponent(site)}/preview`, JSON.parse(asked)).then(
        (drafted) => isWanted && setAnswer({ drafted, error: null }),
        (error: Error) => isWanted && setAnswer((before) => ({ ...before, error })),
      );
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [api, site, asked]);
  return answer;
}
