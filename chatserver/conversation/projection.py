"""What each audience may see of a fact. Nothing else turns facts into frames."""

from datetime import datetime

import msgspec

from chatserver.conversation.events import Assigned, Closed, MessageSent, Quoted, Rated, kind_of
from chatserver.conversation.facts import Fact, File
from chatserver.conversation.model import Actor, AuthorKind
from chatserver.protocol import shared as wire


def for_visitor(fact: Fact) -> wire.Fact | None:
    """The fact in the visitor's numbering, or None when visitors must not know of it."""
    if fact.visitor_seq is None:
        return None
    own = fact.author.kind is AuthorKind.VISITOR
    quoted = _quoted(fact)
    quote = quoted.visitor_seq if quoted else None
    return _fact(fact, fact.visitor_seq, quote, fact.client_id if own else None)


def for_agent(fact: Fact, agent_id: str | None = None) -> wire.Fact:
    """The fact as agents see it; `client_id` stays with its author."""
    own = agent_id is not None and fact.author.id == agent_id
    quoted = _quoted(fact)
    return _fact(fact, fact.seq, quoted.seq if quoted else None, fact.client_id if own else None)


def stamp(at: datetime) -> str:
    """A time on the wire: ISO 8601, UTC, milliseconds."""
    text: str = msgspec.to_builtins(at)  # ten times as fast as isoformat
    return text[:23] + "Z" if at.microsecond else text[:19] + ".000Z"


def author(actor: Actor) -> wire.Author:
    return wire.Author(kind=actor.kind.value, id=actor.id, name=actor.name)


def file_frame(file: File) -> wire.ChatFile:
    return wire.ChatFile(file.id, file.name, file.type, file.bytes, file.width, file.height)


def _quoted(fact: Fact) -> Quoted | None:
    return fact.event.quote if isinstance(fact.event, MessageSent) else None


def _fact(fact: Fact, seq: int, quote: int | None, client_id: str | None) -> wire.Fact:
    event, body = fact.event, fact.body
    agent = None
    if isinstance(event, Assigned):
        agent = wire.Agent(event.agent_id, (body.agent_name if body else None) or "")
    rating = None
    if isinstance(event, Rated):
        reasons = list(body.reasons) if body else []
        rating = wire.Rating(event.score, event.resolved, reasons)
    return wire.Fact(
        conversation=fact.conversation_id,
        seq=seq,
        kind=kind_of(event),  # type: ignore[arg-type] # the tags are the wire's literals, tested
        author=author(fact.author),
        at=stamp(fact.at),
        text=body.text if body else None,
        files=[file_frame(file) for file in body.files] if body else [],
        private=isinstance(event, MessageSent) and event.private,
        quote=quote,
        agent=agent,
        reason=event.reason if isinstance(event, Closed) else None,
        client_id=client_id,
        rating=rating,
    )
