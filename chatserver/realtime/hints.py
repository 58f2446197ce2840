"""What nodes tell each other through the broker, and on which topics."""

from typing import Any, Literal

import msgspec
from msgspec import Struct

from chatserver.calendar import Timetable
from chatserver.conversation.facts import Fact
from chatserver.conversation.newer import readable
from chatserver.protocol.agent import AgentStatus


class FactsHint(Struct, frozen=True, tag="facts", gc=False):
    """New facts of one conversation, in order."""

    facts: list[Fact]


class TypingHint(Struct, frozen=True, tag="typing", gc=False):
    """Somebody types in this conversation. `session` is who need not be told; `draft` is for
    agents alone."""

    session: str
    kind: Literal["visitor", "agent"]
    id: str
    name: str | None
    on: bool
    draft: str | None = None


class ReadHint(Struct, frozen=True, tag="read", gc=False):
    """A read mark moved; the same place in both numberings."""

    is_visitor: bool
    reader_id: str
    seq: int
    visitor_seq: int
    messages: int


class RowHint(Struct, frozen=True, tag="row", gc=False):
    """The inbox row of this conversation changed, and perhaps those of others."""

    conversation_id: str


class VisitorHint(Struct, frozen=True, tag="visitor", gc=False):
    """A visitor came, went, or moved to another page."""

    visitor_id: str


class SentBackHint(Struct, frozen=True, tag="sent_back", gc=False):
    """Whoever came as this visitor has to come again: the visitor was identified, or logged out in
    one of their browsers, and other tokens hold now."""


class AgentHint(Struct, frozen=True, tag="agent", gc=False):
    """An agent's status changed."""

    agent_id: str
    name: str
    status: AgentStatus


class UnreadHint(Struct, frozen=True, tag="unread", gc=False):
    """This agent has read so many of the `written` messages of a conversation, perhaps in another
    tab."""

    conversation_id: str
    messages: int
    written: int = 0


Hint = (
    FactsHint
    | TypingHint
    | ReadHint
    | RowHint
    | VisitorHint
    | SentBackHint
    | AgentHint
    | UnreadHint
)


class CertaintyHint(Struct, frozen=True, gc=False):
    """Never travels: whether we hear the other nodes changed. Look again at what depends on it."""


class HoursHint(Struct, frozen=True, gc=False):
    """Never travels: from now on a site has these hours."""

    site_id: str
    hours: Timetable


class Revocation(Struct, frozen=True):
    """From `identity`: a session of an agent ended, or with None all of them."""

    revoked: str | None


class SiteNews(Struct, frozen=True):
    """From `identity`: a site was changed; what those who are on it have to know of that."""

    enabled: bool
    drafts: bool = False


class _Newer(Struct, tag="facts"):
    """Facts in the form of a newer release."""

    facts: list[dict[str, Any]]


_newer = msgspec.json.Decoder(_Newer).decode
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Hint)
_site_news = msgspec.json.Decoder(SiteNews).decode
_revocation = msgspec.json.Decoder(Revocation)


def encode(hint: Hint) -> bytes:
    return _encoder.encode(hint)


def decode(data: bytes) -> Hint:
    """Also where a newer node speaks of facts that this one cannot know."""
    try:
        hint: Hint = _decoder.decode(data)
    except msgspec.ValidationError:
        return FactsHint([_readable(fact) for fact in _newer(data).facts])
    return hint


def _readable(fact: dict[str, Any]) -> Fact:
    try:
        return msgspec.convert(readable(fact), Fact)
    except (KeyError, TypeError) as error:
        raise msgspec.ValidationError("not a fact of any release") from error


def decode_revocation(data: bytes) -> Revocation:
    return _revocation.decode(data)


def decode_site_news(data: bytes) -> SiteNews:
    return _site_news(data)


def conversation_topic(conversation_id: str) -> str:
    return f"c:{conversation_id}"


def workspace_topic(workspace_id: str) -> str:
    return f"w:{workspace_id}"


def presence_topic(workspace_id: str) -> str:
    """Agents who come and go, sites that get other hours: also for visitors, so it carries
    little."""
    return f"p:{workspace_id}"


def visitor_topic(visitor_id: str) -> str:
    """What concerns one visitor in all their tabs."""
    return f"v:{visitor_id}"


def site_topic(site_id: str) -> str:
    return f"site:{site_id}"


# This node's own news of the bus; nothing is published there.
BUS_TOPIC = "bus"


def own_topic(agent_id: str) -> str:
    """What concerns one agent's own view, in all their tabs."""
    return f"a:{agent_id}"


def revocation_topic(agent_id: str) -> str:
    return f"agent:{agent_id}"
