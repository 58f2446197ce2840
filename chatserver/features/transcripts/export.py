"""A transcript as plain text: a head, then one line per message. Pure.

A line starts with its time in brackets, so no text can pass for another line, nor a spreadsheet
take one for a formula.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from urllib.parse import quote
from zoneinfo import ZoneInfo

from chatserver.conversation.facts import Fact
from chatserver.errors import Invalid
from chatserver.features.transcripts.model import Transcript
from chatserver.features.transcripts.telling import Translate, is_note, message, quotation, who
from chatserver.identity.words import one_line

# A break inside a message; the message stays on its line.
BREAK = " ⏎ "
_OFFSET = re.compile(r"([ +-])([01][0-9]):?([0-5][0-9])", re.ASCII)
_PLACE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(/[A-Za-z0-9_+-]{1,30}){0,2}", re.ASCII)
# Marks that turn the direction of writing: they could make a line read as another.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F])
# Not in a file name on any system; the percent sign because old browsers decode it.
_NOT_IN_NAMES = frozenset('<>:"/\\|?*%')


def zone(text: str | None) -> tzinfo:
    """`+08:00`, `-0330` or nothing for UTC; a plus that a URL turned into a space counts as one.
    Raises Invalid."""
    if text in (None, "", "Z", "UTC"):
        return UTC
    match = _OFFSET.fullmatch(text or "")
    if match is None or int(match[2]) > 14:
        raise Invalid("an offset looks like +08:00", fields={"tz": "unknown"})
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-offset if match[1] == "-" else offset)


def place(name: str | None) -> tzinfo | None:
    """A place of the list of zones, as browsers name it; None when we do not know it. It knows how
    far the clocks were moved when something was said, which an offset of today does not."""
    try:
        return ZoneInfo(name) if name and _PLACE.fullmatch(name) else None
    except (ValueError, KeyError, OSError):
        return None


def moment(at: datetime, tz: tzinfo, t: Translate) -> str:
    """As the reader's language writes it, to the second."""
    there = at.astimezone(tz)
    return t(
        "transcript.moment",
        year=f"{there:%Y}",
        month=t("transcript.months").split()[there.month - 1],
        day=f"{there:%d}",
        time=f"{there:%H:%M:%S}",
    )


def name_of(tz: tzinfo) -> str:
    """As Europe/Berlin, UTC or UTC+08:00."""
    if isinstance(tz, ZoneInfo):
        return tz.key
    return datetime(2000, 1, 1, tzinfo=tz).tzname() or "UTC"


def facts_of(card: Transcript, site: str, t: Translate, tz: tzinfo) -> list[tuple[str, str]]:
    """What is to be known of a chat as a whole: names of things and their values."""
    end, at = ("closed", card.closed_at) if card.closed_at else ("last", card.last_at)
    email = f" <{one_line(card.visitor_email, 200)}>" if card.visitor_email else ""
    rows = (
        ("site", one_line(site, 200)),
        ("visitor", (one_line(card.visitor_name or "", 200) + email).strip()),
        ("agents", ", ".join(one_line(agent.name, 100) for agent in card.agents)),
        ("opened", f"{moment(card.opened_at, tz, t)} ({name_of(tz)})"),
        (end, f"{moment(at, tz, t)} ({name_of(tz)})"),
        ("phase", t(f"transcript.phase.{card.phase}")),
        ("messages", str(card.messages)),
    )
    return [(t(f"transcript.{name}"), value or "–") for name, value in rows]


def head(card: Transcript, site: str, t: Translate, tz: tzinfo) -> str:
    """What stands above the messages, and one empty line."""
    rows = (f"{name}: {value}" for name, value in facts_of(card, site, t, tz))
    return "\n".join([t("transcript.title"), *rows, "", ""])


def line(
    fact: Fact, t: Translate, tz: tzinfo, *, notes: bool, quoted: Fact | None = None
) -> str | None:
    """One message, and what it answers; None for what is not part of the export."""
    text = message(fact, t)
    if text is None or (is_note(fact) and not notes):
        return None
    mark = f" ({t('transcript.note')})" if is_note(fact) else ""
    parts = (quotation(quoted, t) or "", text)
    written = BREAK.join(part for text in parts for part in text.translate(_TURNS).splitlines())
    return f"[{moment(fact.at, tz, t)}] {one_line(who(fact, t), 200)}{mark}: {written}\n"


def disposition(card: Transcript, tz: tzinfo, ending: str = "txt") -> str:
    """RFC 6266: a plain file name for all clients, one with the visitor's name for most."""
    day = card.opened_at.astimezone(tz).strftime("%Y-%m-%d")
    plain = f"chat-{day}-{card.conversation_id[:8]}.{ending}"
    name = "".join(char for char in one_line(card.visitor_name or "", 60) if _is_fit(char)).strip(
        ". "
    )
    if not name:
        return f'attachment; filename="{plain}"'
    full = quote(f"chat {day} {name}.{ending}", safe="")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{full}"


def _is_fit(char: str) -> bool:
    return char not in _NOT_IN_NAMES and unicodedata.category(char)[0] != "C"
