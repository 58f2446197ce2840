"""How a connection takes its place among those of its visitor or agent, who are known by then."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Protocol

from chatserver.realtime.connection import Session
from chatserver.realtime.crowd import Member
from chatserver.realtime.manners import Patience
from chatserver.realtime.places import Joins
from chatserver.realtime.polls import Polls

# A page in the background polls every 25 s without holding; it is present all the same.
POLL_GRACE = 35.0

Leave = Callable[[], None]


class Seat(Protocol):
    """`grace`: for how many seconds its owner counts as present without it."""

    grace: float

    def take(self, principal: str, tab: str, limit: int) -> Leave: ...


class SocketSeat:
    """One of the principal's sockets; beyond the limit the oldest has to go."""

    grace = 0.0

    def __init__(self, places: Joins, member: Member) -> None:
        self._places = places
        self._member = member

    def take(self, principal: str, _tab: str, limit: int) -> Leave:
        return self._places.join(principal, self._member, limit)


class SendingSeat:
    """A poll that only sends: it takes nobody's place, but it sends at the principal's pace."""

    grace = POLL_GRACE

    def __init__(self, polls: Polls, session: Session, patience: Patience, now: float) -> None:
        self._polls = polls
        self._session = session
        self._patience = patience
        self._now = now

    def take(self, principal: str, tab: str, _limit: int) -> Leave:
        pace = self._polls.pace(principal, self._patience, self._now)
        self._session.share(_name(principal, tab), pace)
        return _nothing


class HoldingSeat:
    """A held poll is what a socket is, and ends the one that its tab held before."""

    grace = POLL_GRACE

    def __init__(self, sending: SendingSeat, polls: Polls, places: Joins, member: Member) -> None:
        self._sending = sending
        self._polls = polls
        self._places = places
        self._member = member

    def take(self, principal: str, tab: str, limit: int) -> Leave:
        self._sending.take(principal, tab, limit)
        release = self._polls.hold(_name(principal, tab), self._member)
        leave = self._places.join(principal, self._member, limit)

        def both() -> None:
            release()
            leave()

        return both


def _name(principal: str, tab: str) -> str:
    """The same for all polls of a tab, so that nobody is told of their own typing. A digest: the
    tab's name is the client's own text, of any length."""
    return blake2b(f"{principal} {tab}".encode(errors="replace"), digest_size=12).hexdigest()


def _nothing() -> None:
    pass
