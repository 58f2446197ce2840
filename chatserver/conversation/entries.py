"""The form of a fact in the log, there and back."""

import msgspec

from chatserver.conversation.events import Event, Known, Unknown, kind_of
from chatserver.conversation.facts import Body, Fact
from chatserver.conversation.model import Actor
from chatserver.conversation.newer import author_kind, is_known
from chatserver.storage.log import Entry

_encode = msgspec.json.Encoder().encode
_event = msgspec.json.Decoder(Known).decode
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
    event = _event_of(entry)
    body = _body(entry.body) if entry.body and not isinstance(event, Unknown) else None
    name = body.author_name if body else None
    return Fact(
        position=entry.position,
        workspace_id=entry.workspace_id,
        conversation_id=entry.conversation_id,
        seq=entry.seq,
        visitor_seq=entry.visitor_seq,
        author=Actor(author_kind(entry.author_kind), entry.author_id, name),
        at=entry.at,
        event=event,
        body=body,
        client_id=entry.client_id,
        cause=entry.cause,
    )


def _event_of(entry: Entry) -> Event:
    if not is_known(entry.kind):
        return Unknown(is_for_visitors=entry.visitor_seq is not None)
    event: Event = _event(entry.meta)
    return event
