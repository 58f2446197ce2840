"""Who asks for a file, and who may have it. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from chatserver.conversation.files import StoredFile
from chatserver.conversation.model import Actor, AuthorKind, Phase


class Principal(Struct, frozen=True):
    """`session_id` is there for agents: their links end with their session."""

    workspace_id: str
    actor: Actor
    session_id: str = ""

    @property
    def is_visitor(self) -> bool:
        return self.actor.kind is AuthorKind.VISITOR

    @property
    def key(self) -> str:
        """A name for limits that are counted in memory."""
        return f"{self.actor.kind} {self.actor.id}"


class Variant(StrEnum):
    WHOLE = "f"
    PREVIEW = "p"


class Placed(Struct, frozen=True):
    """A file, and of the conversation it was sent in what decides who may see it."""

    file: StoredFile
    visitor_id: str | None = None
    phase: Phase | None = None
    closed_at: datetime | None = None


def may_see(who: Principal, placed: Placed, now: datetime, reopen_within: timedelta) -> bool:
    """Unsent: its author. Sent: the agents of the workspace, and of what is no note the visitor,
    for as long as the conversation is the visitor's to go on with."""
    if placed.file.workspace_id != who.workspace_id:
        return False
    if placed.file.conversation_id is None:
        return placed.file.is_of(who.actor)
    if not who.is_visitor:
        return True
    if placed.file.private or placed.visitor_id != who.actor.id:
        return False
    is_over = placed.phase is Phase.CLOSED and placed.closed_at is not None
    return not is_over or now - (placed.closed_at or now) <= reopen_within
