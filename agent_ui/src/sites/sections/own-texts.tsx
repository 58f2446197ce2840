/** The editor of own texts: our sentence above, the own one in the field, an arrow to go back. */

import { type Locale, locales } from "@chat/widget/locales";
import { directionOf, type Entry } from "@chat/widget/text";
import { textsIn } from "@chat/widget/texts";
import { ActionIcon, Fieldset, Select, Stack, Switch, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useConsole } from "../../app/context";
import { languageName } from "../../visitor/language";
import { examplesOf, found, ownOf, placesOf, withOwn } from "../own-words";
import type { SectionProps } from "../settings";

const TEXT_CHARS = 300;

export function OwnTexts({ site, draft, set, wrong }: SectionProps) {
  const { t, locale: reader } = useConsole();
  const [locale, setLocale] = useState<Locale>(
    () => locales.find((one) => one === site.locale) ?? reader,
  );
  const [search, setSearch] = useState("");
  const [isOwnOnly, setOwnOnly] = useState(false);
  const texts = useMemo(() => textsIn(locale), [locale]);
  const { own } = draft.sections.texts;
  const keys = found(texts, own[locale] ?? {}, { search, isOwnOnly });
  const change = (key: string, text: string, form?: string) =>
    set("texts", { own: withOwn(own, { locale, key, text, ...(form && { form }) }) });
  return (
    <Stack>
      <Select
        label={t("widget.texts.language")}
        allowDeselect={false}
        data={locales.map((tag) => ({ value: tag, label: languageName(tag, tag) }))}
        value={locale}
        onChange={(next) => next && setLocale(next as Locale)}
      />
      <TextInput
        type="search"
        aria-label={t("widget.texts.search")}
        placeholder={t("widget.texts.search")}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Switch
        label={t("widget.texts.own")}
        checked={isOwnOnly}
        onChange={(event) => setOwnOnly(event.currentTarget.checked)}
      />
      <p aria-live="polite">{t("widget.texts.found", { count: keys.length })}</p>
      {keys.map((key) => (
        <Text
          key={`${locale} ${key}`}
          locale={locale}
          ours={texts[key] ?? ""}
          own={(form) => ownOf(own, locale, key, form)}
          wrong={(form) => wrong(["texts.own", locale, key, form].filter(Boolean).join("."))}
          change={(text, form) => change(key, text, form)}
        />
      ))}
    </Stack>
  );
}

interface TextProps {
  locale: Locale;
  ours: Entry;
  own(form?: string): string;
  wrong(form?: string): string | null;
  change(text: string, form?: string): void;
}

function Text({ locale, ours, own, wrong, change }: TextProps) {
  const { t } = useConsole();
  const places = placesOf(ours);
  const about = places && t("widget.texts.places", { places });
  if (typeof ours === "string")
    return (
      <Sentence
        locale={locale}
        label={ours}
        about={about}
        own={own()}
        wrong={wrong()}
        change={(text) => change(text)}
      />
    );
  const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
  return (
    <Fieldset legend={<bdi lang={locale}>{ours.other}</bdi>}>
      <Stack gap="xs">
        {forms.map((form) => (
          <Sentence
            key={form}
            locale={locale}
            label={ours[form] ?? ours.other}
            about={[t("widget.texts.numbers", { numbers: examplesOf(locale, form) }), about].join(
              " ",
            )}
            own={own(form)}
            wrong={wrong(form)}
            change={(text) => change(text, form)}
          />
        ))}
      </Stack>
    </Fieldset>
  );
}

interface SentenceProps {
  locale: Locale;
  /** In our words. */
  label: string;
  about: string;
  own: string;
  wrong: string | null;
  change(text: string): void;
}

function Sentence({ locale, label, about, own, wrong, change }: SentenceProps) {
  const { t } = useConsole();
  const back = (
    <ActionIcon
      aria-label={t("widget.texts.back", { text: label })}
      title={t("widget.texts.back", { text: label })}
      onClick={() => change("")}
    >
      <IconArrowBackUp size={16} />
    </ActionIcon>
  );
  return (
    <TextInput
      label={<bdi lang={locale}>{label}</bdi>}
      description={about}
      lang={locale}
      dir={own === "" ? directionOf(locale) : "auto"}
      placeholder={label}
      maxLength={TEXT_CHARS}
      value={own}
      error={wrong}
      rightSection={own === "" ? null : back}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
