/** When a greeting is shown: all that is said here must hold. */

import { NumberInput, Select, Stack, Switch, TagsInput, TextInput } from "@mantine/core";
import { useText } from "../../app/context";
import type { GreetingRule } from "../settings";
import classes from "./sections.module.css";

interface Props {
  rule: GreetingRule;
  wrong(field: string): string | null;
  change(part: Partial<GreetingRule>): void;
}

export function RuleForm({ rule, wrong, change }: Props) {
  const t = useText();
  return (
    <Stack mt="sm" gap="sm">
      <p className={classes.about}>{t("greeting.all")}</p>
      <TagsInput
        label={t("greeting.pages")}
        placeholder={rule.pages.length === 0 ? "/cart*" : ""}
        acceptValueOnBlur
        splitChars={[",", " "]}
        value={rule.pages}
        error={wrong("rule.pages")}
        onChange={(pages) => change({ pages })}
      />
      <div className={classes.pair}>
        <Count
          label={t("greeting.seconds")}
          most={3600}
          value={rule.seconds}
          error={wrong("rule.seconds")}
          change={(seconds) => change({ seconds })}
        />
        <Count
          label={t("greeting.scroll")}
          most={100}
          value={rule.scroll}
          error={wrong("rule.scroll")}
          change={(scroll) => change({ scroll })}
        />
      </div>
      <Switch
        label={t("greeting.exit")}
        description={t("greeting.exit.about")}
        checked={rule.exit_intent}
        onChange={(event) => change({ exit_intent: event.currentTarget.checked })}
      />
      <div className={classes.pair}>
        <Select
          label={t("greeting.returning")}
          description={t("greeting.needs")}
          allowDeselect={false}
          data={[
            { value: "any", label: t("greeting.returning.any") },
            { value: "new", label: t("greeting.returning.new") },
            { value: "returning", label: t("greeting.returning.returning") },
          ]}
          value={rule.returning}
          onChange={(value) => value && change({ returning: value as GreetingRule["returning"] })}
        />
        <Count
          label={t("greeting.visits")}
          about={t("greeting.needs")}
          most={1000}
          value={rule.visits}
          error={wrong("rule.visits")}
          change={(visits) => change({ visits })}
        />
      </div>
      <TextInput
        label={t("greeting.referrer")}
        placeholder="search.example"
        dir="ltr"
        value={rule.referrer}
        error={wrong("rule.referrer")}
        onChange={(event) => change({ referrer: event.currentTarget.value })}
      />
      <TagsInput
        label={t("greeting.languages")}
        placeholder={rule.languages.length === 0 ? "de, zh-TW" : ""}
        acceptValueOnBlur
        splitChars={[",", " "]}
        value={rule.languages}
        error={wrong("rule.languages")}
        onChange={(languages) => change({ languages })}
      />
      <TagsInput
        label={t("greeting.attributes")}
        description={t("greeting.attributes.about")}
        placeholder={rule.attributes.length === 0 ? "plan=pro" : ""}
        acceptValueOnBlur
        value={rule.attributes.map(({ name, value }) => `${name}=${value}`)}
        error={wrong("rule.attributes")}
        onChange={(tags) => change({ attributes: tags.map(attributeOf) })}
      />
    </Stack>
  );
}

function attributeOf(tag: string): { name: string; value: string } {
  const [name = "", ...rest] = tag.split("=");
  return { name: name.trim(), value: rest.join("=").trim() };
}

function Count({
  label,
  about,
  most,
  value,
  error,
  change,
}: {
  label: string;
  about?: string;
  most: number;
  value: number;
  error: string | null;
  change(value: number): void;
}) {
  return (
    <NumberInput
      label={label}
      description={about}
      min={0}
      max={most}
      allowDecimal={false}
      value={value}
      error={error}
      onChange={(next) => change(Number(next))}
    />
  );
}
