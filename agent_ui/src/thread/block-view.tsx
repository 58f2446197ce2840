/** Draws one block of a thread. */

import { IconLock } from "@tabler/icons-react";
import { Fragment } from "react";
import { useConsole, useText } from "../app/context";
import { dayName } from "../ui/moment";
import { Clock } from "../ui/time";
import { useNow } from "../ui/use-now";
import { MessageFiles } from "../uploads/message-files";
import type { Fact } from "../wire";
import classes from "./block.module.css";
import type { Block, Talk } from "./blocks";
import { eventText } from "./event-text";
import { Answer, idOf, Quoted } from "./quote";
import { Words } from "./words";

export interface Receipt {
  readonly seq: number;
  readonly isRead: boolean;
}

interface Props {
  block: Block;
  me: string;
  receipt: Receipt | null;
  /** Of the whole thread: what a message answers may stand far above it. */
  facts: readonly Fact[];
}

export function BlockView({ block, me, receipt, facts }: Props) {
  switch (block.kind) {
    case "day":
      return <Day at={block.at} />;
    case "event":
      return <Event fact={block.fact} me={me} />;
    case "talk":
      return <TalkView talk={block} me={me} receipt={receipt} facts={facts} />;
  }
}

function Day({ at }: { at: string }) {
  const { region, t } = useConsole();
  const now = useNow("minute");
  return (
    <li className={classes.day}>
      <span>{dayName(at, now, region, t)}</span>
    </li>
  );
}

function Event({ fact, me }: { fact: Fact; me: string }) {
  const t = useText();
  return (
    <li className={classes.event}>
      {eventText(fact, me, t)} · <Clock at={fact.at} />
    </li>
  );
}

interface TalkProps extends Omit<Props, "block"> {
  talk: Talk;
}

function TalkView({ talk, me, receipt, facts }: TalkProps) {
  const t = useText();
  const [first] = talk.facts;
  if (first === undefined) return null;
  const marked = receipt !== null && talk.facts.at(-1)?.seq === receipt.seq ? receipt : null;
  return (
    <li className={classes.talk} data-side={talk.side} data-note={talk.isNote || undefined}>
      <p className={classes.meta}>
        {talk.isNote && <IconLock size={13} stroke={2} aria-hidden />}
        {talk.isNote && <span>{t("thread.note")} ·</span>}
        <bdi className={classes.author}>{authorName(talk, me, t)}</bdi>
        <Clock at={first.at} className={classes.time} />
      </p>
      {talk.facts.map((fact) => (
        <Fragment key={fact.seq}>
          {fact.quote !== undefined && <Quoted seq={fact.quote} facts={facts} me={me} />}
          <div className={classes.said} id={idOf(fact)}>
            <div className={classes.body}>
              <MessageFiles files={fact.files} />
              {fact.text && (
                <div className={classes.bubble} dir="auto">
                  <Words text={fact.text} />
                </div>
              )}
            </div>
            <Answer fact={fact} />
          </div>
        </Fragment>
      ))}
      {marked && (
        <p className={classes.receipt}>{t(marked.isRead ? "thread.read" : "thread.sent")}</p>
      )}
    </li>
  );
}

function authorName({ author, side }: Talk, me: string, t: ReturnType<typeof useText>): string {
  if (author.id === me) return t("thread.you");
  return (
    author.name ??
    t(
      side === "visitor"
        ? "visitor.unknown"
        : side === "agent"
          ? "thread.colleague"
          : "thread.system",
    )
  );
}
