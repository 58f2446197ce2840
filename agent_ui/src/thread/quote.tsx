/** Answering one message among many: the button beside it, and how what is answered shows. */

import { ActionIcon, Tooltip } from "@mantine/core";
import { IconCornerUpLeft, IconX } from "@tabler/icons-react";
import { useText } from "../app/context";
import type { Text } from "../text/text";
import type { Fact } from "../wire";
import classes from "./quote.module.css";
import { useQuoting } from "./quoting";

/** The element of a message in its thread. */
export function idOf(fact: Fact): string {
  return `message-${fact.conversation}-${fact.seq}`;
}

export function Answer({ fact }: { fact: Fact }) {
  const t = useText();
  const quoting = useQuoting();
  if (!quoting) return null;
  return (
    <Tooltip label={t("thread.answer")}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        className={classes.answer ?? ""}
        aria-label={t("thread.answer")}
        onClick={() => quoting.quote(fact)}
      >
        <IconCornerUpLeft size={15} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

interface QuotedProps {
  seq: number;
  facts: readonly Fact[];
  me: string;
}

export function Quoted({ seq, facts, me }: QuotedProps) {
  const t = useText();
  const fact = facts.find((one) => one.seq === seq);
  if (!fact) return <p className={classes.quote}>{t("thread.quote.earlier")}</p>;
  const show = () => document.getElementById(idOf(fact))?.scrollIntoView({ block: "center" });
  return (
    <button type="button" className={classes.quote} onClick={show}>
      <Said fact={fact} me={me} />
    </button>
  );
}

/** Above the field. */
export function QuoteChip({ fact, me, clear }: { fact: Fact; me: string; clear(): void }) {
  const t = useText();
  return (
    <div className={classes.chip}>
      <p className={classes.quote}>
        <Said fact={fact} me={me} />
      </p>
      <ActionIcon size="sm" aria-label={t("thread.quote.cancel")} onClick={clear}>
        <IconX size={15} />
      </ActionIcon>
    </div>
  );
}

function Said({ fact, me }: { fact: Fact; me: string }) {
  const t = useText();
  return (
    <>
      <bdi className={classes.name}>{nameOf(fact, me, t)}</bdi>
      <span className={classes.text} dir="auto">
        {fact.text || fact.files?.map((file) => file.name).join(", ")}
      </span>
    </>
  );
}

function nameOf({ from }: Fact, me: string, t: Text): string {
  if (from.id === me) return t("thread.you");
  return from.name ?? t(from.kind === "visitor" ? "visitor.unknown" : "thread.colleague");
}
