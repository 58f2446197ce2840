/** How visitors are asked what they think of a chat. */

import { Fieldset, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useText } from "../../app/context";
import type { SectionProps } from "../settings";
import classes from "./sections.module.css";

const SCORES = [1, 2, 3, 4, 5] as const;
const WORD_CHARS = 30;

export function RatingSection({ draft, set, wrong }: SectionProps) {
  const t = useText();
  const { enabled, words } = draft.sections.rating;
  const put = (at: number, word: string) => {
    const next = SCORES.map((_, index) => (index === at ? word : (words[index] ?? "")));
    set("rating", { words: next.some(Boolean) ? next : [] });
  };
  return (
    <Stack>
      <Switch
        label={t("widget.rating.enabled")}
        description={t("widget.rating.enabled.about")}
        checked={enabled}
        onChange={(event) => set("rating", { enabled: event.currentTarget.checked })}
      />
      <Fieldset legend={t("widget.rating.words")} variant="unstyled">
        <p className={classes.about}>{t("widget.rating.words.about")}</p>
        <Stack gap={8}>
          {SCORES.map((score, at) => (
            <TextInput
              key={score}
              label={t("widget.rating.word", { score })}
              placeholder={t(`rating.${score}`)}
              dir="auto"
              maxLength={WORD_CHARS}
              value={words[at] ?? ""}
              error={wrong(`rating.words.${at}`)}
              onChange={(event) => put(at, event.currentTarget.value)}
            />
          ))}
        </Stack>
      </Fieldset>
      <Reasons name="reasons_low" draft={draft} set={set} wrong={wrong} />
      <Reasons name="reasons_high" draft={draft} set={set} wrong={wrong} />
    </Stack>
  );
}

type Name = "reasons_low" | "reasons_high";
type ReasonProps = Pick<SectionProps, "draft" | "set" | "wrong"> & { name: Name };

/** One a line. What is being typed is kept as it is, with the empty line at its end. */
function Reasons({ name, draft, set, wrong }: ReasonProps) {
  const t = useText();
  const held = draft.sections.rating[name];
  const [text, setText] = useState(held.join("\n"));
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const shown = lines.join("\n") === held.join("\n") ? text : held.join("\n");
  return (
    <Textarea
      label={t(`widget.rating.${name}`)}
      description={t("widget.rating.reasons.about")}
      rows={3}
      dir="auto"
      value={shown}
      error={wrong(`rating.${name}`)}
      onChange={(event) => {
        setText(event.currentTarget.value);
        const next = event.currentTarget.value.split("\n").filter((line) => line.trim() !== "");
        set("rating", { [name]: next });
      }}
    />
  );
}
