/** What the widget says of its own accord: words, when, how often, and how it went. */

import { ActionIcon, Button, Collapse, NumberInput, Switch, Textarea } from "@mantine/core";
import { IconChevronDown, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useText } from "../../app/context";
import { type Figures, useGreetingFigures } from "../queries";
import type { Greeting, SectionProps } from "../settings";
import { RuleForm } from "./greeting-rule";
import classes from "./sections.module.css";

const MOST = 30;
const TEXT_CHARS = 300;
const YEAR_DAYS = 365;

export function GreetingsSection({ site, draft, set, show, wrong }: SectionProps) {
  const t = useText();
  const figures = useGreetingFigures(site.id).data?.figures ?? {};
  const { items, pause_days } = draft.sections.greetings;
  const [opened, setOpened] = useState<string | null>(
    items.length === 1 ? (items[0]?.id ?? null) : null,
  );
  const change = (next: Greeting[]) => set("greetings", { items: next });

  function add(): void {
    const id = Math.random().toString(36).slice(2, 12);
    change([...items, { id, text: "", active: true, every_days: 7, rule: { ...EVERYWHERE } }]);
    setOpened(id);
  }

  return (
    <>
      {items.map((one, at) => (
        <One
          key={one.id}
          greeting={one}
          number={at + 1}
          figures={figures[one.id]}
          isOpened={opened === one.id}
          open={() => setOpened(opened === one.id ? null : one.id)}
          wrong={(field) => wrong(`greetings.items.${at}${field && `.${field}`}`)}
          look={() => show("greeting", one.id)}
          change={(part) => change(items.map((old, i) => (i === at ? { ...old, ...part } : old)))}
          remove={() => change(items.filter((_, i) => i !== at))}
        />
      ))}
      {items.length < MOST && (
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
          {t("greeting.add")}
        </Button>
      )}
      {items.length > 0 && (
        <NumberInput
          mt="md"
          label={t("greeting.pause")}
          description={t("greeting.pause.about")}
          min={0}
          max={YEAR_DAYS}
          allowDecimal={false}
          value={pause_days}
          error={wrong("greetings.pause_days")}
          onChange={(value) => set("greetings", { pause_days: Number(value) })}
        />
      )}
    </>
  );
}

const EVERYWHERE: Greeting["rule"] = {
  pages: [],
  seconds: 20,
  scroll: 0,
  visits: 0,
  returning: "any",
  referrer: "",
  exit_intent: false,
  languages: [],
  attributes: [],
};

interface OneProps {
  greeting: Greeting;
  number: number;
  figures: Figures | undefined;
  isOpened: boolean;
  open(): void;
  look(): void;
  wrong(field: string): string | null;
  change(part: Partial<Greeting>): void;
  remove(): void;
}

function One(props: OneProps) {
  const t = useText();
  const { greeting, number, figures, isOpened, open, look, wrong, change, remove } = props;
  const { text, active, every_days, rule } = greeting;
  return (
    <fieldset className={classes.greeting} onFocus={look}>
      <legend className={classes.unseen}>{t("greeting.one", { number })}</legend>
      <Textarea
        aria-label={t("greeting.text", { number })}
        placeholder={t("greeting.placeholder")}
        autosize
        minRows={2}
        dir="auto"
        maxLength={TEXT_CHARS}
        value={text}
        error={wrong("text")}
        onChange={(event) => change({ text: event.currentTarget.value })}
      />
      {figures && <p className={classes.figures}>{t("greeting.figures", { ...figures })}</p>}
      <div className={classes.row}>
        <Switch
          label={t("greeting.active")}
          checked={active}
          onChange={(event) => change({ active: event.currentTarget.checked })}
        />
        <Button
          variant="subtle"
          size="xs"
          aria-expanded={isOpened}
          rightSection={<IconChevronDown size={14} />}
          onClick={open}
        >
          {t("greeting.when")}
        </Button>
        <ActionIcon aria-label={t("greeting.remove", { number })} onClick={remove}>
          <IconTrash size={16} />
        </ActionIcon>
      </div>
      <Collapse expanded={isOpened}>
        <RuleForm
          rule={rule}
          wrong={wrong}
          change={(part) => change({ rule: { ...rule, ...part } })}
        />
        <NumberInput
          mt="sm"
          label={t("greeting.every")}
          description={t("greeting.every.about")}
          min={0}
          max={YEAR_DAYS}
          allowDecimal={false}
          value={every_days}
          error={wrong("every_days")}
          onChange={(value) => change({ every_days: Number(value) })}
        />
      </Collapse>
    </fieldset>
  );
}
