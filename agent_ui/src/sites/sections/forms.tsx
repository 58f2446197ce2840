/** What visitors are asked before a chat, and while nobody is there. */

import { Button, Fieldset, Stack, Switch, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useText } from "../../app/context";
import type { FormField, SectionProps } from "../settings";
import { FieldRow } from "./form-field";
import classes from "./sections.module.css";

const MOST = 12;

export function FormsSection({ draft, set, show, wrong }: SectionProps) {
  const t = useText();
  const { before, offline, fields, consent } = draft.sections.forms;
  const put = (at: number, part: Partial<FormField>) =>
    set("forms", { fields: fields.map((one, n) => (n === at ? { ...one, ...part } : one)) });
  const agree = (part: Partial<typeof consent>) =>
    set("forms", { consent: { ...consent, ...part } });
  return (
    <Stack>
      <Switch
        label={t("forms.before")}
        description={t("forms.before.about")}
        checked={before}
        onChange={(event) => {
          set("forms", { before: event.currentTarget.checked });
          show("open");
        }}
      />
      <Fieldset legend={t("forms.fields")} variant="unstyled">
        {fields.map((field, at) => (
          <FieldRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a key is being written and may be empty
            key={at}
            field={field}
            taken={fields.filter((_, n) => n !== at).map((one) => one.kind)}
            wrong={(name) => wrong(`forms.fields.${at}.${name}`)}
            change={(part) => put(at, part)}
            remove={() => set("forms", { fields: fields.filter((_, n) => n !== at) })}
          />
        ))}
        {fields.length < MOST && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => set("forms", { fields: [...fields, blank(fields)] })}
          >
            {t("forms.add")}
          </Button>
        )}
      </Fieldset>
      <Switch
        label={t("forms.offline")}
        description={t("forms.offline.about")}
        checked={offline}
        onChange={(event) => {
          set("forms", { offline: event.currentTarget.checked });
          show("offline");
        }}
      />
      <Fieldset legend={t("forms.consent")} variant="unstyled">
        <p className={classes.about}>{t("forms.consent.about")}</p>
        <Stack gap={8}>
          <TextInput
            label={t("forms.consent.text")}
            dir="auto"
            value={consent.text}
            error={wrong("forms.consent.text")}
            onChange={(event) => agree({ text: event.currentTarget.value })}
          />
          <TextInput
            label={t("forms.consent.link")}
            dir="ltr"
            placeholder="https://"
            value={consent.link}
            error={wrong("forms.consent.link")}
            onChange={(event) => agree({ link: event.currentTarget.value })}
          />
          <TextInput
            label={t("forms.consent.version")}
            description={t("forms.consent.version.about")}
            value={consent.version}
            error={wrong("forms.consent.version")}
            onChange={(event) => agree({ version: event.currentTarget.value })}
          />
        </Stack>
      </Fieldset>
    </Stack>
  );
}

/** A question of the site's own; its key is how the answer is kept, and stays when the words change. */
function blank(fields: readonly FormField[]): FormField {
  const taken = new Set(fields.map((field) => field.key));
  let number = 1;
  while (taken.has(`field_${number}`)) number += 1;
  return { key: `field_${number}`, kind: "text", label: "", required: false, options: [] };
}
