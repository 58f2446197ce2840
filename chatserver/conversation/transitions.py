"""The only place that decides what may happen to a conversation, and what then is true.

`decide` says which events a command causes; `evolve` says what an event makes of the state.
Both are pure: no clock, no I/O, no mutation. A stored row is always `evolve` folded over the log.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chatserver.conversation.commands import (
    AskRating,
    Assign,
    Close,
    Command,
    Identify,
    Rate,
    Reopen,
    SendMessage,
)
from chatserver.conversation.events import (
    Assigned,
    Closed,
    Event,
    Identified,
    MessageSent,
    Opened,
    Rated,
    RatingAsked,
    Reopened,
    Unassigned,
    Unknown,
)
from chatserver.conversation.facts import Body, Fact
from chatserver.conversation.model import Actor, AuthorKind, Conversation, Phase
from chatserver.errors import Conflict, ConversationEnded, NotFound, RatingOver, Rejected


class Draft(Struct, frozen=True, gc=False):
    """An event that a command caused, with its words, before it has numbers."""

    event: Event
    body: Body | None = None
    client_id: str | None = None


class Rules(Struct, frozen=True):
    """What an installation may set: how long a closed chat can be continued, and rated."""

    reopen_within: timedelta = timedelta(hours=24)
    rate_within: timedelta = timedelta(hours=24)


def decide(
    state: Conversation, actor: Actor, command: Command, at: datetime, rules: Rules
) -> list[Draft]:
    """The events a command causes, none when it is true already. Raises Rejected or Conflict."""
    match command:
        case SendMessage():
            return [*_before_message(state, actor, command, at, rules), _sent(actor, command)]
        case Assign(agent_id=None):
            return _unassign(state, actor, command)
        case Assign():
            return _assign(state, actor, command)
        case Close(reason) if state.phase is not Phase.CLOSED:
            if actor.kind is AuthorKind.SYSTEM and _has_news(state, command.expect_seq):
                return []  # somebody wrote after the timer looked
            _check_unmoved(state, command.expect_seq)
            return [Draft(Closed(reason), Body(author_name=actor.name))]
        case Reopen() if state.phase is Phase.CLOSED:
            _check_unmoved(state, command.expect_seq)
            return [Draft(Reopened(state.visitor_id), Body(author_name=actor.name))]
        case Identify(visitor_id, customer_id) if state.visitor_id != visitor_id:
            event = Identified(visitor_id, customer_id)
            return [Draft(event, Body(author_name=actor.name))]
        case AskRating():
            return _ask_rating(state, actor, at, rules)
        case Rate():
            return _rate(state, actor, command, at, rules)
    return []


def evolve(state: Conversation, event: Event, author: AuthorKind, at: datetime) -> Conversation:
    """The state after one more event."""
    seq = state.seq + 1
    visitor_seq = state.visitor_seq + is_visible_to_visitor(event)
    state = replace(state, seq=seq, visitor_seq=visitor_seq)
    match event:
        case MessageSent():
            return _after_message(state, event, author, at)
        case Assigned(agent_id):
            return replace(state, phase=Phase.ACTIVE, assignee_id=agent_id, moved_seq=seq)
        case Unassigned():
            return _queued(replace(state, assignee_id=None), at)
        case Closed():
            return replace(
                state, phase=Phase.CLOSED, moved_seq=seq, waiting_since=None, closed_at=at
            )
        case Reopened() if state.assignee_id is None:
            return _queued(replace(state, closed_at=None), at)
        case Reopened():
            return replace(state, phase=Phase.ACTIVE, moved_seq=seq, closed_at=None)
        case Opened():
            return replace(state, moved_seq=seq)
        case Identified(visitor_id):
            return replace(state, visitor_id=visitor_id)
        case RatingAsked() | Rated() | Unknown():
            return state


def is_visible_to_visitor(event: Event) -> bool:
    """Whether the fact gets a number in the visitor's own, gap-free numbering."""
    match event:
        case MessageSent():
            return not event.private
        case Identified():
            return False
        case Unknown(is_for_visitors):
            return is_for_visitors
    return True


def begin(conversation_id: str, workspace_id: str, event: Opened, at: datetime) -> Conversation:
    """The state before a conversation's first fact."""
    return Conversation(
        id=conversation_id,
        workspace_id=workspace_id,
        site_id=event.site_id,
        visitor_id=event.visitor_id,
        opened_at=at,
        queued_at=at,
        last_at=at,
    )


def fold(facts: Iterable[Fact]) -> Conversation:
    """The row that a conversation's facts, from the first one on, add up to."""
    state: Conversation | None = None
    for fact in facts:
        if isinstance(fact.event, Opened):
            state = begin(fact.conversation_id, fact.workspace_id, fact.event, fact.at)
        if state is None:
            raise ValueError("a conversation starts with conversation.opened")
        state = evolve(state, fact.event, fact.author.kind, fact.at)
        state = replace(state, revision=fact.position)
    if state is None:
        raise ValueError("a conversation has at least one fact")
    return state


def _before_message(
    state: Conversation, actor: Actor, command: SendMessage, at: datetime, rules: Rules
) -> list[Draft]:
    """What a message brings about before it: a visitor reopens, an agent who answers takes."""
    if command.private and actor.kind is AuthorKind.VISITOR:
        raise Rejected("visitors cannot write notes")
    if command.private or state.phase is Phase.ACTIVE:
        return []
    if state.phase is Phase.CLOSED:
        if actor.kind is not AuthorKind.VISITOR:
            raise Rejected("reopen the conversation before replying")
        if state.closed_at and at - state.closed_at > rules.reopen_within:
            raise ConversationEnded
        return [Draft(Reopened(state.visitor_id), Body(author_name=actor.name))]
    if actor.kind is AuthorKind.AGENT and actor.id:
        return [Draft(Assigned(actor.id), Body(author_name=actor.name, agent_name=actor.name))]
    return []


def _sent(actor: Actor, command: SendMessage) -> Draft:
    body = Body(text=command.text, author_name=actor.name)
    event = MessageSent(private=command.private, files=command.files)
    return Draft(event, body, command.client_id)


def _ask_rating(state: Conversation, actor: Actor, at: datetime, rules: Rules) -> list[Draft]:
    if actor.kind is AuthorKind.VISITOR:
        raise Rejected("visitors are asked, they do not ask")
    _check_ratable(state, at, rules)
    return [Draft(RatingAsked(), Body(author_name=actor.name))]


def _rate(
    state: Conversation, actor: Actor, command: Rate, at: datetime, rules: Rules
) -> list[Draft]:
    if actor.kind is not AuthorKind.VISITOR:
        raise Rejected("the visitor alone says how it was")
    if actor.id != state.visitor_id:
        raise NotFound
    _check_ratable(state, at, rules)
    body = Body(text=command.comment or None, author_name=actor.name, reasons=command.reasons)
    return [Draft(Rated(command.score, command.resolved), body, command.client_id)]


def _check_ratable(state: Conversation, at: datetime, rules: Rules) -> None:
    if state.closed_at and at - state.closed_at > rules.rate_within:
        raise RatingOver


def _assign(state: Conversation, actor: Actor, command: Assign) -> list[Draft]:
    if command.agent_id is None or command.agent_id == state.assignee_id:
        return []
    _check_unmoved(state, command.expect_seq)
    if state.phase is Phase.CLOSED:
        raise Rejected("reopen the conversation before assigning it")
    body = Body(author_name=actor.name, agent_name=command.agent_name)
    return [Draft(Assigned(command.agent_id), body)]


def _unassign(state: Conversation, actor: Actor, command: Assign) -> list[Draft]:
    if state.phase is Phase.QUEUED:
        return []
    _check_unmoved(state, command.expect_seq)
    if state.phase is Phase.CLOSED:
        raise Rejected("reopen the conversation before putting it back into the queue")
    return [Draft(Unassigned(), Body(author_name=actor.name))]


def _has_news(state: Conversation, seen_seq: int | None) -> bool:
    return seen_seq is not None and state.seq > seen_seq


def _check_unmoved(state: Conversation, expect_seq: int | None) -> None:
    if expect_seq is not None and state.moved_seq > expect_seq:
        raise Conflict("somebody else was faster")


def _after_message(
    state: Conversation, event: MessageSent, author: AuthorKind, at: datetime
) -> Conversation:
    state = replace(state, last_at=at, message_seq=state.seq)
    if author is AuthorKind.VISITOR:
        count = state.visitor_messages + 1
        return replace(state, visitor_messages=count, waiting_since=state.waiting_since or at)
    if event.private:
        return state
    return replace(state, agent_messages=state.agent_messages + 1, waiting_since=None)


def _queued(state: Conversation, at: datetime) -> Conversation:
    return replace(state, phase=Phase.QUEUED, moved_seq=state.seq, queued_at=at)
