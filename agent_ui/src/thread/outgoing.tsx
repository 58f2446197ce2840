/** Messages of ours that the server has not shown back yet: on their way, or failed. */

import { shareOf } from "@chat/widget/files";
import type { Outgoing } from "@chat/widget/wire";
import { Button } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useMemo } from "react";
import { useConsole, useLive, useText } from "../app/context";
import type { Thread } from "../state/thread";
import { problemText } from "../ui/trouble";
import { TravellingFiles } from "../uploads/message-files";
import { useSizes } from "../uploads/use-sizes";
import type { Fact } from "../wire";
import classes from "./block.module.css";
import own from "./outgoing.module.css";
import { Quoted } from "./quote";
import { Words } from "./words";

/** How many of the newest facts may still confirm one of them. */
const RECENT = 100;

export function useOutgoing({ conversation, facts }: Thread): readonly Outgoing[] {
  const outbox = useLive((state) => state.outbox);
  return useMemo(() => {
    const shown = new Set(facts.slice(-RECENT).map((fact) => fact.client_id));
    return outbox.filter(({ lane, client_id }) => lane === conversation && !shown.has(client_id));
  }, [outbox, facts, conversation]);
}

interface ListProps {
  messages: readonly Outgoing[];
  facts: readonly Fact[];
  me: string;
}

export function OutgoingList({ messages, facts, me }: ListProps) {
  return (
    <ul className={own.list}>
      {messages.map((message) => (
        <li
          key={message.client_id}
          className={classes.talk}
          data-side="agent"
          data-note={message.private || undefined}
        >
          {message.quote && <Quoted seq={message.quote.seq} facts={facts} me={me} />}
          <TravellingFiles message={message} />
          {message.text && (
            <div
              className={`${classes.bubble} ${own.bubble}`}
              data-state={message.state}
              dir="auto"
            >
              <Words text={message.text} />
            </div>
          )}
          <State message={message} />
        </li>
      ))}
    </ul>
  );
}

function State({ message }: { message: Outgoing }) {
  const { session, t } = useConsole();
  if (message.state === "sent") return <p className={classes.receipt}>{t("thread.sent")}</p>;
  if (message.state !== "failed") return <Underway message={message} />;
  return (
    <div className={own.failed} role="alert">
      <IconAlertCircle size={14} aria-hidden />
      <span>
        {t("thread.failed")} {problemText({ code: message.code ?? "internal" }, t)}
      </span>
      <Button size="compact-xs" variant="subtle" onClick={() => session.retry(message.client_id)}>
        {t("common.retry")}
      </Button>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        onClick={() => session.discard(message.client_id)}
      >
        {t("common.discard")}
      </Button>
    </div>
  );
}

function Underway({ message }: { message: Outgoing }) {
  const { session, t } = useConsole();
  return (
    <p className={`${classes.receipt} ${own.underway}`}>
      <Fare message={message} />
      {message.files && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={() => session.discard(message.client_id)}
        >
          {t("common.cancel")}
        </Button>
      )}
    </p>
  );
}

function Fare({ message: { files, held, state } }: { message: Outgoing }) {
  const t = useText();
  const { percent } = useSizes();
  if (files && held) return t("file.held");
  if (state === "waiting") return t("thread.waiting");
  return files ? t("file.sending", { percent: percent(shareOf(files)) }) : t("thread.sending");
}
