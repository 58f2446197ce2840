/** One mail on its way: how far it got, why not further, what can be done. */

import { Button, Group } from "@mantine/core";
import { useConsole } from "../app/context";
import { dayAndTime } from "../ui/moment";
import { useNotice } from "../ui/notice";
import { Ago } from "../ui/time";
import { useNow } from "../ui/use-now";
import classes from "./mail.module.css";
import { useDiscardMail, useRetryMail } from "./queries";
import type { Mail } from "./types";

export function Letter({ mail }: { mail: Mail }) {
  const { t } = useConsole();
  return (
    <li className={classes.letter}>
      <div className={classes.words}>
        <p className={classes.subject} dir="auto">
          {mail.subject}
        </p>
        <p className={classes.about}>
          {mail.to} · <Ago at={mail.created_at} />
        </p>
        {mail.error !== "" && (
          <p className={classes.about}>
            {t("mail.answer")} <code className={classes.answer}>{mail.error}</code>
          </p>
        )}
        {mail.next_at !== null && mail.attempts > 0 && <Next at={mail.next_at} mail={mail} />}
      </div>
      <span className={classes.state} data-state={mail.state}>
        {t(`mail.${mail.state}`)}
      </span>
      {mail.state !== "sent" && <Deeds mail={mail} />}
    </li>
  );
}

function Next({ at, mail }: { at: string; mail: Mail }) {
  const { region, t } = useConsole();
  const now = useNow("minute");
  return (
    <p className={classes.about}>
      {t("mail.next", { count: mail.attempts, at: dayAndTime(at, now, region, t) })}
    </p>
  );
}

function Deeds({ mail }: { mail: Mail }) {
  const { t } = useConsole();
  const notice = useNotice();
  const retry = useRetryMail();
  const discard = useDiscardMail();
  return (
    <Group gap={8}>
      {mail.attempts > 0 && (
        <Button
          size="xs"
          variant="default"
          loading={retry.isPending}
          aria-label={t("mail.retry.label", { to: mail.to })}
          onClick={() => retry.mutate(mail.id, { onError: notice.error })}
        >
          {t("common.retry")}
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        loading={discard.isPending}
        aria-label={t("mail.discard.label", { to: mail.to })}
        onClick={() => discard.mutate(mail.id, { onError: notice.error })}
      >
        {t("common.discard")}
      </Button>
    </Group>
  );
}
