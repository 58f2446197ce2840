"""Facts in words, for people who read a transcript outside the console. Pure."""

from collections.abc import Callable

from chatserver.conversation.events import (
    Assigned,
    Closed,
    MessageSent,
    Rated,
    RatingAsked,
    Unknown,
    kind_of,
)
from chatserver.conversation.facts import Fact
from chatserver.conversation.model import AuthorKind
from chatserver.identity.words import one_line

# The reasons that we have words for, as the widget sends them.
REASONS = frozenset(("slow", "unclear", "unsolved", "unkind", "fast", "clear", "solved", "kind"))
# `t("transcript.title", name=…)` of web/languages.
Translate = Callable[..., str]

NAME_CHARS = 100
# Enough to know which message is meant.
QUOTE_CHARS = 120


def who(fact: Fact, t: Translate) -> str:
    """What to call the author of a fact."""
    if fact.author.kind is AuthorKind.SYSTEM:
        return t("transcript.system")
    return fact.author.name or t(f"transcript.{fact.author.kind.value}")


def message(fact: Fact, t: Translate) -> str | None:
    """What was written, below it the files that came along; None when the fact is no message."""
    if not isinstance(fact.event, MessageSent):
        return None
    if fact.body is None or fact.body.text is None:
        return t("transcript.erased")
    files = (t("transcript.file", name=f.name, size=size(f.bytes)) for f in fact.body.files)
    return "\n".join(part for part in (fact.body.text, *files) if part)


def quoted_by(fact: Fact) -> int | None:
    """The number of the message that this one answers."""
    quote = fact.event.quote if isinstance(fact.event, MessageSent) else None
    return quote.seq if quote else None


def quotation(quoted: Fact | None, t: Translate) -> str | None:
    """What a message answers, in one short line; None when it answers nothing in particular."""
    text = message(quoted, t) if quoted else None
    if quoted is None or text is None:
        return None
    line = one_line(text, QUOTE_CHARS + 1)
    cut = line if len(line) <= QUOTE_CHARS else f"{line[:QUOTE_CHARS]}…"
    return t("transcript.quote", who=one_line(who(quoted, t), NAME_CHARS), text=cut)


def size(count: int) -> str:
    """Bytes as people name them: 512 B, 81 kB, 1.2 MB."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.0f} kB" if count < 999_500 else f"{count / 1_000_000:.1f} MB"


def is_told(fact: Fact) -> bool:
    """Whether there is a line to write of it."""
    return not isinstance(fact.event, Unknown)


def is_note(fact: Fact) -> bool:
    return isinstance(fact.event, MessageSent) and fact.event.private


def happening(fact: Fact, t: Translate) -> str | None:
    """What happened besides messages; None when the fact is one, or there are no words for it."""
    event = fact.event
    if isinstance(event, MessageSent | Unknown):
        return None
    if isinstance(event, Assigned):
        agent = (fact.body.agent_name if fact.body else None) or t("transcript.agent")
        return t("transcript.event.assigned", who=agent)
    if isinstance(event, Closed) and event.reason == "idle":
        return t("transcript.event.idle")
    if isinstance(event, RatingAsked):
        return t("transcript.event.asked", who=who(fact, t))
    if isinstance(event, Rated):
        return _rating(event, fact, t)
    return t(f"transcript.event.{kind_of(event).partition('.')[2]}", who=who(fact, t))


def _rating(event: Rated, fact: Fact, t: Translate) -> str:
    """`4 of 5, resolved; fast, friendly: Thank you`. A reason is a key of ours or the site's own
    words."""
    parts = [t("transcript.event.rated", who=who(fact, t), score=str(event.score))]
    if event.resolved is not None:
        parts.append(t(f"transcript.rating.{'resolved' if event.resolved else 'unresolved'}"))
    if fact.body is not None:
        parts += [
            t(f"transcript.rating.{one}") if one in REASONS else one for one in fact.body.reasons
        ]
        parts += [fact.body.text] if fact.body.text else []
    return " · ".join(parts)
