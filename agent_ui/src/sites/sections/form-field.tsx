/** One question of a form. */

import { ActionIcon, Checkbox, Select, Textarea, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useText } from "../../app/context";
import type { FieldKind, FormField } from "../settings";
import classes from "./sections.module.css";

// What a person has once, under a key of its own.
const PERSONAL: readonly FieldKind[] = ["name", "email", "phone", "topic"];
const OWN: readonly FieldKind[] = ["text", "choice", "multiline", "checkbox"];

interface Props {
  field: FormField;
  taken: FieldKind[];
  wrong(name: string): string | null;
  change(part: Partial<FormField>): void;
  remove(): void;
}

export function FieldRow({ field, taken, wrong, change, remove }: Props) {
  const t = useText();
  const { kind, label, required, key } = field;
  const kinds = [...PERSONAL, ...OWN].filter((one) => OWN.includes(one) || !taken.includes(one));
  const hasOptions = kind === "choice" || kind === "topic";

  function become(next: FieldKind): void {
    const isPersonal = PERSONAL.includes(next);
    const own = PERSONAL.includes(kind) ? `field_${Date.now() % 1_000_000}` : key;
    change({ kind: next, key: isPersonal ? next : own });
  }

  return (
    <div className={classes.greeting}>
      <div className={classes.rule}>
        <Select
          className={classes.grow ?? ""}
          label={t("forms.kind")}
          allowDeselect={false}
          data={kinds.map((one) => ({ value: one, label: t(`forms.kind.${one}`) }))}
          value={kind}
          onChange={(value) => value && become(value as FieldKind)}
        />
        <ActionIcon mt={28} aria-label={t("forms.remove")} onClick={remove}>
          <IconTrash size={16} />
        </ActionIcon>
      </div>
      <TextInput
        label={t("forms.label")}
        description={PERSONAL.includes(kind) ? t("forms.label.own") : undefined}
        dir="auto"
        value={label}
        error={wrong("label") ?? wrong("key")}
        onChange={(event) => change({ label: event.currentTarget.value })}
      />
      {hasOptions && <Options options={field.options} error={wrong("options")} change={change} />}
      <Checkbox
        mt={10}
        label={t("forms.required")}
        checked={required}
        onChange={(event) => change({ required: event.currentTarget.checked })}
      />
    </div>
  );
}

interface OptionsProps {
  options: string[];
  error: string | null;
  change(part: Partial<FormField>): void;
}

/** One a line; the empty line that is being written is kept. */
function Options({ options, error, change }: OptionsProps) {
  const t = useText();
  const [text, setText] = useState(options.join("\n"));
  return (
    <Textarea
      mt={8}
      label={t("forms.options")}
      autosize
      minRows={3}
      dir="auto"
      value={text}
      error={error}
      onChange={(event) => {
        setText(event.currentTarget.value);
        const lines = event.currentTarget.value.split("\n").map((line) => line.trim());
        change({ options: lines.filter((line) => line !== "") });
      }}
    />
  );
}
