/** The faces in the panel's header. */

import { ActionIcon, Button, Fieldset, NativeSelect, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { Person } from "../../api/types";
import { useText } from "../../app/context";
import { usePeople } from "../../people/queries";
import type { SectionProps, Teammate } from "../settings";
import { Picture } from "./picture";
import classes from "./sections.module.css";

const MOST = 5;
const NAME_CHARS = 60;

export function Team({ site, draft, set, wrong }: SectionProps) {
  const t = useText();
  const { team } = draft.sections.looks;
  const people = usePeople().data?.items ?? [];
  const change = (next: Teammate[]) => set("looks", { team: next });
  const put = (at: number, part: Partial<Teammate>) =>
    change(team.map((mate, index) => (index === at ? { ...mate, ...part } : mate)));
  return (
    <Fieldset legend={t("widget.team")} variant="unstyled">
      <p className={classes.about}>{t("widget.team.about")}</p>
      {team.map((mate, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two may have the same name while one is being written
        <div key={at} className={classes.mate}>
          <div className={classes.rule}>
            <TextInput
              className={classes.grow ?? ""}
              aria-label={t("widget.team.name", { number: at + 1 })}
              placeholder={t("widget.team.placeholder")}
              dir="auto"
              maxLength={NAME_CHARS}
              value={mate.name}
              error={wrong(`looks.team.${at}`)}
              onChange={(event) => put(at, { name: event.currentTarget.value })}
            />
            <ActionIcon
              aria-label={t("widget.team.remove", { number: at + 1 })}
              onClick={() => change(team.filter((_, index) => index !== at))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
          <Picture
            site={site}
            label={t("widget.team.photo", { number: at + 1 })}
            value={mate.photo}
            shape="face"
            choose={(photo) => put(at, { photo })}
          />
          <NativeSelect
            size="xs"
            mt={8}
            aria-label={t("widget.team.agent", { number: at + 1 })}
            data={colleagues(people, mate.agent, t("widget.team.nobody"))}
            value={mate.agent}
            onChange={(event) => put(at, behind(mate, people, event.currentTarget.value))}
          />
        </div>
      ))}
      {team.length < MOST && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() => change([...team, { name: "", photo: "", agent: "" }])}
        >
          {t("widget.team.add")}
        </Button>
      )}
    </Fieldset>
  );
}

/** Who left is there for as long as they are chosen. */
function colleagues(people: readonly Person[], chosen: string, nobody: string) {
  const there = people.filter(({ id, disabled }) => !disabled || id === chosen);
  return [
    { value: "", label: nobody },
    ...there.map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` })),
  ];
}

/** A name that was written stays. */
function behind(mate: Teammate, people: readonly Person[], agent: string): Partial<Teammate> {
  const name =
    mate.name || (people.find(({ id }) => id === agent)?.name ?? "").slice(0, NAME_CHARS);
  return { agent, name };
}
