"""A fact: an event with its numbers, its author and its words. Pure."""

from datetime import datetime

from msgspec import Struct

from chatserver.conversation.events import Event
from chatserver.conversation.model import Actor


class File(Struct, frozen=True, omit_defaults=True, gc=False):
    """A file of a message. Pictures alone have a size in pixels."""

    id: str
    name: str
    type: str
    bytes: int
    width: int | None = None
    height: int | None = None


class Body(Struct, frozen=True, omit_defaults=True, gc=False):
    """The personal part of a fact; erasure nulls it. Names are as they were at that moment."""

    text: str | None = None
    author_name: str | None = None
    agent_name: str | None = None
    files: tuple[File, ...] = ()
    reasons: tuple[str, ...] = ()


class Fact(Struct, frozen=True, gc=False):
    """Something that happened. `visitor_seq` is None when visitors may not see it; `body` is None
    when there were no words or they were erased."""

    position: int
    workspace_id: str
    conversation_id: str
    seq: int
    visitor_seq: int | None
    author: Actor
    at: datetime
    event: Event
    body: Body | None = None
    client_id: str | None = None
    cause: str | None = None
