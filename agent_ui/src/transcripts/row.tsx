/** One past chat in the list. */

import { Link } from "wouter";
import type { Transcript } from "../api/types";
import { useText } from "../app/context";
import { paths } from "../app/paths";
import { ScoreBadge } from "../csat/score";
import { Face } from "../ui/person";
import { Ago } from "../ui/time";
import { visitorName } from "../visitor/name";
import classes from "./row.module.css";

export function TranscriptRow({
  transcript,
  isSelected,
}: {
  transcript: Transcript;
  isSelected: boolean;
}) {
  const t = useText();
  const { conversation, visitor, site, agents, messages, phase, rating } = transcript;
  const who = agents.map((agent) => agent.name).join(", ");
  return (
    <Link
      href={paths.transcript(conversation)}
      className={classes.row}
      aria-current={isSelected ? "true" : undefined}
    >
      <Face name={visitor.name ?? "?"} id={visitor.id} size={36} />
      <span className={classes.words}>
        <span className={classes.top}>
          <bdi className={classes.name}>{visitorName(visitor, t)}</bdi>
          <Ago at={transcript.last_at ?? transcript.opened_at} className={classes.when} />
        </span>
        <span className={classes.line}>{who === "" ? t("transcript.nobody") : who}</span>
        <span className={classes.small}>
          {site.name} · {t("transcript.messages", { count: messages })}
          {rating && (
            <>
              {" · "}
              <ScoreBadge rating={rating} />
            </>
          )}
          {phase !== "closed" && ` · ${t(`phase.${phase}`)}`}
        </span>
      </span>
    </Link>
  );
}
