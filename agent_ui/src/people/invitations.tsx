/** Invitations that nobody has accepted yet. */

import { Button } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import type { Invitation } from "../api/types";
import { useConsole } from "../app/context";
import { dayAndTime } from "../ui/moment";
import { useNotice } from "../ui/notice";
import { useNow } from "../ui/use-now";
import { useInvitations, useWithdraw } from "./queries";
import classes from "./table.module.css";

export function Invitations() {
  const { t } = useConsole();
  const { data } = useInvitations();
  if (!data || data.items.length === 0) return null;
  return (
    <section>
      <h2 className={classes.section}>{t("people.invited")}</h2>
      <ul className={classes.list}>
        {data.items.map((invitation) => (
          <Row key={invitation.id} invitation={invitation} />
        ))}
      </ul>
    </section>
  );
}

function Row({ invitation }: { invitation: Invitation }) {
  const { region, t } = useConsole();
  const now = useNow("minute");
  const notice = useNotice();
  const withdraw = useWithdraw();
  return (
    <li className={classes.row}>
      <IconMail size={20} stroke={1.5} aria-hidden />
      <div className={classes.words}>
        <p className={classes.name}>{invitation.email}</p>
        <p className={classes.about}>
          {t("people.expires", { at: dayAndTime(invitation.expires_at, now, region, t) })}
        </p>
      </div>
      <span className={classes.role}>{t(`role.${invitation.role}`)}</span>
      <Button
        size="xs"
        variant="default"
        loading={withdraw.isPending}
        aria-label={t("people.withdraw.label", { email: invitation.email })}
        onClick={() => withdraw.mutate(invitation.id, { onError: notice.error })}
      >
        {t("people.withdraw")}
      </Button>
    </li>
  );
}
