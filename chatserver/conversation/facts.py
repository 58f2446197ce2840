"""A fact: an event with its numbers, its author and its words; and its form in the log."""

from datetime import datetime

import msgspec
from msgspec import Struct

from chatserver.conversation.events import Event, kind_of
from chatserver.conversation.model import Actor, AuthorKind
from chatserver.storage.log import Entry


class Body(Struct, frozen=True, omit_defaults=True, gc=False):
    """The personal part of a fact; erasure nulls it. Names are as they were at that moment."""

    text: str | None = None
    author_name: str | None = None
    agent_name: str | None = None


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


_encode = msgspec.json.Encoder().encode
_event = msgspec.json.Decoder(Event).decode
_body = msgspec.json.Decoder(Body).decode


def to_entry(fact: Fact) -> Entry:
    return Entry(
        workspace_id=fact.workspace_id,
        conversation_id=fact.conversation_id,
        seq=fact.seq,
        visitor_seq=fact.visitor_seq,
        kind=kind_of(fact.event),
        author_kind=fact.author.kind.value,
        author_id=fact.author.id,
        client_id=fact.client_id,
        cause=fact.cause,
        at=fact.at,
        meta=_encode(fact.event).decode(),
        body=_encode(fact.body).decode() if fact.body else None,
        position=fact.position,
    )


def from_entry(entry: Entry) -> Fact:
    """Raises ValueError for an entry that belongs to no conversation."""
    if entry.conversation_id is None or entry.seq is None:
        raise ValueError(f"{entry.kind} is not a fact of a conversation")
    body = _body(entry.body) if entry.body else None
    name = body.author_name if body else None
    return Fact(
        position=entry.position,
        workspace_id=entry.workspace_id,
        conversation_id=entry.conversation_id,
        seq=entry.seq,
        visitor_seq=entry.visitor_seq,
        author=Actor(AuthorKind(entry.author_kind), entry.author_id, name),
        at=entry.at,
        event=_event(entry.meta),
        body=body,
        client_id=entry.client_id,
        cause=entry.cause,
    )
