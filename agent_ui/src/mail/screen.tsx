/** Mail: is it configured, does it work, what is on its way. */

import { useText } from "../app/context";
import { Loading } from "../ui/loading";
import { Page } from "../ui/page";
import { Trouble } from "../ui/trouble";
import { Outbox } from "./outbox";
import { useMailStatus } from "./queries";
import { Status } from "./status";

export function MailScreen() {
  const t = useText();
  const { data, error, refetch } = useMailStatus();
  return (
    <Page title={t("mail.title")} about={t("mail.about")}>
      {!data &&
        (error ? <Trouble error={error} retry={() => void refetch()} /> : <Loading rows={4} />)}
      {data && <Status status={data} />}
      {data && <Outbox counts={data.counts} />}
    </Page>
  );
}
