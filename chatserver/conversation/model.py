"""What the rules need to know of a conversation. Messages live in the log, not here."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Phase(StrEnum):
    QUEUED = "queued"  # nobody has taken it yet
    ACTIVE = "active"  # an agent owns it
    CLOSED = "closed"


class AuthorKind(StrEnum):
    VISITOR = "visitor"
    AGENT = "agent"
    SYSTEM = "system"


class Actor(Struct, frozen=True, gc=False):
    """Who gives a command. `name` is what others may call them at that moment; None: unknown."""

    kind: AuthorKind
    id: str | None = None
    name: str | None = None


SYSTEM = Actor(AuthorKind.SYSTEM)


class Conversation(Struct, frozen=True, gc=False):
    """The cache of a conversation's log: always `evolve` folded over its facts.

    `seq` numbers all facts, `visitor_seq` those a visitor may see; both count from 1 without holes.
    `moved_seq` is the seq of the last change of phase or assignee, `waiting_since` the time of the
    oldest unanswered visitor message, `revision` the log position of the last fact.
    """

    id: str
    workspace_id: str
    site_id: str
    visitor_id: str
    opened_at: datetime
    queued_at: datetime
    last_at: datetime
    phase: Phase = Phase.QUEUED
    assignee_id: str | None = None
    seq: int = 0
    visitor_seq: int = 0
    moved_seq: int = 0
    message_seq: int = 0
    visitor_messages: int = 0
    agent_messages: int = 0
    waiting_since: datetime | None = None
    closed_at: datetime | None = None
    revision: int = 0
