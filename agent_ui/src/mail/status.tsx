/** What the service knows of its mail server, and a way to try it. */

import { Button } from "@mantine/core";
import { IconMailOff, IconSend } from "@tabler/icons-react";
import { useConsole } from "../app/context";
import { useNotice } from "../ui/notice";
import { Card } from "../ui/page";
import classes from "./mail.module.css";
import { useTestMail } from "./queries";
import type { MailStatus } from "./types";

const settings = ["CHATSERVER_MAIL_FROM", "CHATSERVER_SMTP_HOST"].join(", ");

export function Status({ status }: { status: MailStatus }) {
  const { t } = useConsole();
  if (!status.configured)
    return (
      <section className={classes.off}>
        <h2 className={classes.offTitle}>
          <IconMailOff size={18} aria-hidden />
          {t("mail.off")}
        </h2>
        <p>{t("mail.off.about", { settings })}</p>
        <p>{t("mail.off.until")}</p>
      </section>
    );
  return (
    <Card title={t("mail.server")}>
      <dl className={classes.facts}>
        <dt>{t("mail.from")}</dt>
        <dd>{status.from}</dd>
        <dt>{t("mail.host")}</dt>
        <dd>
          {status.host}:{status.port}
        </dd>
        <dt>{t("mail.security")}</dt>
        <dd>{t(`mail.security.${status.security ?? "none"}`)}</dd>
      </dl>
      <Test />
    </Card>
  );
}

function Test() {
  const { boot, t } = useConsole();
  const notice = useNotice();
  const test = useTestMail();
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSend size={16} />}
        loading={test.isPending}
        onClick={() =>
          test.mutate(undefined, {
            onSuccess: () => notice.done(t("mail.test.done")),
            onError: notice.error,
          })
        }
      >
        {t("mail.test")}
      </Button>
      <p className={classes.about}>{t("mail.test.about", { email: boot.me.email })}</p>
    </>
  );
}
