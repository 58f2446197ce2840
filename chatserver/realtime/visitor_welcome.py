"""The first answer to a visitor: who they are, where they stand, what holds here. Pure."""

from math import inf

from msgspec import Struct

from chatserver.conversation.model import Conversation
from chatserver.identity.model import Arrival, Visitor
from chatserver.protocol import visitor as wire
from chatserver.protocol.shared import Limits
from chatserver.realtime.manners import problem


class Door(Struct, frozen=True):
    """What a visitor reads on it: whether somebody takes chats now, and when a closed site opens.
    `turns_at` is when its hours turn next, in monotonic seconds."""

    availability: wire.Availability
    next_opening: str | None = None
    turns_at: float = inf

    def says(self) -> tuple[wire.Availability, str | None]:
        return self.availability, self.next_opening


class Arrived(Struct, frozen=True):
    """What the desk found out about a hello. Read marks are in the visitor's numbers; `ends_at` is
    when the token does, in monotonic seconds."""

    arrival: Arrival
    epoch: str
    now: str
    door: Door
    conversation: Conversation | None
    read: int = 0
    agent_read: int = 0
    ends_at: float = inf
    before: wire.FormAsk | None = None
    offline: wire.FormAsk | None = None


def welcome_of(found: Arrived, *, session: str, v: int, ping: int, limits: Limits) -> wire.Welcome:
    refused = found.arrival.refused
    return wire.Welcome(
        v=v,
        session=session,
        you=_you(found.arrival.visitor),
        epoch=found.epoch,
        now=found.now,
        ping=ping,
        limits=limits,
        availability=found.door.availability,
        next_opening=found.door.next_opening,
        conversation=_head(found),
        token=found.arrival.token,
        drafts=found.arrival.site.drafts,
        identity=problem(refused) if refused else None,
        before=found.before,
        offline=found.offline,
    )


def _you(visitor: Visitor) -> wire.You:
    return wire.You(
        visitor.id, visitor.name, visitor.email, visitor.phone, visitor.customer_id is not None
    )


def _head(found: Arrived) -> wire.Head | None:
    state = found.conversation
    if state is None:
        return None
    return wire.Head(state.id, state.visitor_seq, state.phase.value, found.read, found.agent_read)
