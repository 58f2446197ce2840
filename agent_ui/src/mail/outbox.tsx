/** What was sent, what waits, what failed. */

import { Button, SegmentedControl } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import { useState } from "react";
import { useText } from "../app/context";
import { Empty } from "../ui/empty";
import { Loading } from "../ui/loading";
import { Trouble } from "../ui/trouble";
import { Letter } from "./letter";
import classes from "./mail.module.css";
import { useOutbox } from "./queries";
import type { MailState, MailStatus } from "./types";

type Shown = MailState | "all";

const states: readonly MailState[] = ["queued", "failed", "sent"];

export function Outbox({ counts }: { counts: MailStatus["counts"] }) {
  const t = useText();
  const [shown, setShown] = useState<Shown>("all");
  return (
    <section>
      <h2 className={classes.section}>{t("mail.outbox")}</h2>
      <SegmentedControl
        aria-label={t("mail.outbox")}
        className={classes.filter ?? ""}
        data={[
          { value: "all", label: t("mail.all") },
          ...states.map((state) => ({
            value: state,
            label: `${t(`mail.${state}`)} ${counts[state]}`,
          })),
        ]}
        value={shown}
        onChange={(value) => setShown(value as Shown)}
      />
      <Letters state={shown === "all" ? null : shown} />
    </section>
  );
}

function Letters({ state }: { state: MailState | null }) {
  const t = useText();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useOutbox(state);
  if (!data) return error ? <Trouble error={error} retry={() => void refetch()} /> : <Loading />;
  const letters = data.pages.flatMap((page) => page.items);
  if (letters.length === 0)
    return <Empty icon={<IconMail size={24} stroke={1.5} />} title={t("mail.empty")} />;
  return (
    <>
      <ul className={classes.list}>
        {letters.map((mail) => (
          <Letter key={mail.id} mail={mail} />
        ))}
      </ul>
      {hasNextPage && (
        <Button
          mt="sm"
          variant="default"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {t("mail.more")}
        </Button>
      )}
    </>
  );
}
