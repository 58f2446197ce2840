"""What a transcript is, what a search may ask, and how words are compared. Pure."""

import unicodedata
from datetime import datetime

from msgspec import Struct

# A search is typed by a person; each further word is one more scan over what was written.
QUERY_CHARS = 200
QUERY_WORDS = 8


class Person(Struct, frozen=True):
    id: str
    name: str


class Transcript(Struct, frozen=True):
    """The index card of one conversation. `agents`: who took part, in the order of their coming.

    `messages` counts what both sides could read; `position` is the last fact on the card.
    """

    conversation_id: str
    workspace_id: str
    site_id: str
    visitor_id: str
    visitor_name: str | None
    visitor_email: str | None
    agents: tuple[Person, ...]
    phase: str
    opened_at: datetime
    closed_at: datetime | None
    last_at: datetime
    messages: int
    position: int


class Filter(Struct, frozen=True):
    """Every given part must hold; `words` each somewhere in the names or the public messages.
    The last message is not before `since` nor after `until`; `scores`: rated like one of these."""

    words: tuple[str, ...] = ()
    site_id: str | None = None
    agent_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    scores: tuple[int, ...] = ()


class Place(Struct, frozen=True, array_like=True):
    """Where a list goes on: the last card shown."""

    last_at: datetime
    conversation_id: str


def fold(text: str) -> str:
    """The same key for letters that differ in case or width only, as `ＨＩ` and `hi`."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded).replace("\0", "")


def words_of(query: str) -> tuple[str, ...]:
    return tuple(fold(query[:QUERY_CHARS]).split()[:QUERY_WORDS])


def joined(agents: tuple[Person, ...], newcomer: Person) -> tuple[Person, ...]:
    """The agents with one more; a known one keeps the place and gets the newer name."""
    known = {agent.id: agent for agent in agents}
    name = newcomer.name or (known[newcomer.id].name if newcomer.id in known else "")
    known[newcomer.id] = Person(newcomer.id, name)
    return tuple(known.values())
