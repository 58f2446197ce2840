/** What happened to a chat, in a sentence. Pure. */

import { ratingText } from "../csat/words";
import type { Text } from "../text/text";
import type { Author, Fact } from "../wire";

export function eventText(fact: Fact, me: string, t: Text): string {
  const who = nameOf(fact.from, me, t);
  switch (fact.kind) {
    case "conversation.opened":
      return fact.text ? t("event.opened.greeting", { text: fact.text }) : t("event.opened");
    case "conversation.assigned":
      return assignedText(fact, me, t);
    case "conversation.unassigned":
      return fact.from.kind === "system"
        ? t("event.unassigned.system")
        : t("event.unassigned", { who });
    case "conversation.closed":
      return closedText(fact, who, t);
    case "conversation.reopened":
      return fact.from.kind === "system"
        ? t("event.reopened.system")
        : t("event.reopened", { who });
    case "visitor.identified":
      return t("event.identified");
    case "csat.asked":
      return t("event.asked", { who });
    case "csat.rated":
      return ratedText(fact, who, t);
    case "message.sent": // its words are shown, not told
    case "unknown":
      return "";
  }
}

function closedText({ from, reason }: Fact, who: string, t: Text): string {
  if (reason === "merged") return t("event.closed.merged");
  return from.kind === "system" ? t("event.closed.system") : t("event.closed", { who });
}

function ratedText({ rating, text }: Fact, who: string, t: Text): string {
  const words = rating ? ratingText(rating, t) : "";
  return t("event.rated", { who, rating: text ? `${words} · ${text}` : words });
}

function assignedText({ from, agent }: Fact, me: string, t: Text): string {
  if (agent && from.id === agent.id) return t("event.taken", { who: nameOf(from, me, t) });
  const whom = agent?.id === me ? t("event.toYou") : (agent?.name ?? t("thread.colleague"));
  if (from.kind === "system") return t("event.assigned.system", { whom });
  return t("event.assigned", { who: nameOf(from, me, t), whom });
}

function nameOf({ kind, id, name }: Author, me: string, t: Text): string {
  if (kind === "visitor") return t("event.visitor");
  if (id === me) return t("thread.you");
  return name ?? t("thread.colleague");
}
