/** The list of colleagues with their roles. */

import { Badge, Button, NativeSelect } from "@mantine/core";
import { ApiError } from "../api/http";
import type { Person } from "../api/types";
import { useConsole, useLive } from "../app/context";
import { fieldError } from "../ui/fields";
import { useNotice } from "../ui/notice";
import type { Role } from "../wire";
import { AgentFace } from "./face";
import { useChangePerson } from "./queries";
import { RemovePhoto } from "./remove-photo";
import { grantable, mayChange } from "./roles";
import classes from "./table.module.css";

export function PeopleTable({ people }: { people: readonly Person[] }) {
  const { t } = useConsole();
  return (
    <ul className={classes.list} aria-label={t("people.title")}>
      {people.map((person) => (
        <Row key={person.id} person={person} />
      ))}
    </ul>
  );
}

function Row({ person }: { person: Person }) {
  const { boot, t } = useConsole();
  const notice = useNotice();
  const change = useChangePerson();
  const live = useLive((state) => state.people[person.id]?.status);
  const status = live ?? person.status;
  const isMe = person.id === boot.me.id;
  const mayEdit = !isMe && mayChange(boot.me.role, person.role);
  const apply = (part: { role?: Role; disabled?: boolean }): void =>
    change.mutate(
      { id: person.id, ...part },
      {
        onSuccess: () => notice.done(t("common.saved")),
        onError: (error) => {
          const reason = fieldError(error, "role", t) ?? fieldError(error, "disabled", t);
          if (reason !== null && error instanceof ApiError) notice.problemText(reason);
          else notice.error(error);
        },
      },
    );
  return (
    <li className={classes.row} data-disabled={person.disabled || undefined}>
      <AgentFace
        name={person.name}
        id={person.id}
        size={38}
        status={person.disabled ? null : status}
      />
      <div className={classes.words}>
        <p className={classes.name}>
          <bdi>{person.name}</bdi>
          {isMe && <span className={classes.you}>{t("people.you")}</span>}
        </p>
        <p className={classes.about}>
          {person.email}
          {!person.disabled && ` · ${t(`status.${status}`)}`}
        </p>
      </div>
      {person.disabled && (
        <Badge color="gray" variant="outline">
          {t("people.disabled")}
        </Badge>
      )}
      {mayEdit ? (
        <>
          <RemovePhoto person={person} />
          <NativeSelect
            size="xs"
            aria-label={t("people.roleOf", { name: person.name })}
            data={grantable(boot.me.role).map((role) => ({
              value: role,
              label: t(`role.${role}`),
            }))}
            value={person.role}
            disabled={change.isPending}
            onChange={(event) => apply({ role: event.currentTarget.value as Role })}
          />
          <Button
            size="xs"
            variant="default"
            loading={change.isPending}
            onClick={() => apply({ disabled: !person.disabled })}
          >
            {t(person.disabled ? "people.enable" : "people.disable")}
          </Button>
        </>
      ) : (
        <span className={classes.role}>{t(`role.${person.role}`)}</span>
      )}
    </li>
  );
}
