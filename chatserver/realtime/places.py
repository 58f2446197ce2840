"""Counts a visitor's or an agent's tabs on all nodes together: each tells who takes and leaves a
seat, and whoever holds the oldest one too many gives it up. Without the bus each node counts for
itself."""

from collections.abc import Callable
from typing import Protocol

import msgspec
from msgspec import Struct

from chatserver.broker.base import Broker
from chatserver.clock import Clock
from chatserver.protocol.codes import CloseCode
from chatserver.realtime.crowd import Hangable

Leave = Callable[[], None]


class Joins(Protocol):
    """A crowd, or several of them seen as one."""

    def join(self, principal: str, member: Hangable, limit: int) -> Leave: ...


class SeatHint(Struct, frozen=True):
    """A node's seat of this number was taken at this time (seconds since 1970), or left."""

    at: float
    node: str
    seat: int
    is_taken: bool


# When a seat was taken, on which node, and its number there: the same order on every node.
_Seat = tuple[float, str, int]


class _Principal:
    """One who has tabs here: these, and what other nodes told of since the first of them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.tabs = 0
        self.seats: dict[_Seat, Hangable | None] = {}  # None: its own node sends it away
        self.unsubscribe: Leave = lambda: None

    def take(self, seat: _Seat, member: Hangable | None) -> None:
        self.seats[seat] = member
        for oldest in sorted(self.seats)[: max(0, len(self.seats) - self.limit)]:
            gone = self.seats.pop(oldest)
            if gone is not None:
                gone.hang(CloseCode.REPLACED, "too many tabs")


_decode = msgspec.json.Decoder(SeatHint).decode


class Places:
    """A node learns of all seats that are taken after its own first one of that principal: enough,
    because the oldest has to go, and whoever holds it has heard of all that came later."""

    def __init__(self, node: str, broker: Broker, clock: Clock) -> None:
        self._node = node
        self._broker = broker
        self._clock = clock
        self._principals: dict[str, _Principal] = {}
        self._taken = 0

    def __len__(self) -> int:
        """Principals that have tabs here."""
        return len(self._principals)

    def join(self, principal: str, member: Hangable, limit: int) -> Leave:
        """Counts a tab; the result undoes it. Beyond `limit` the oldest one has to go."""
        known = self._principals.get(principal) or self._follow(principal, limit)
        self._taken += 1
        seat = (self._clock.now().timestamp(), self._node, self._taken)
        known.tabs += 1
        known.take(seat, member)
        self._say(principal, SeatHint(*seat, is_taken=True))

        def leave() -> None:
            known.seats.pop(seat, None)
            self._say(principal, SeatHint(*seat, is_taken=False))
            known.tabs -= 1
            if not known.tabs:
                del self._principals[principal]
                known.unsubscribe()

        return leave

    def forget(self, node: str) -> None:
        """It is gone, and so are its tabs."""
        for known in self._principals.values():
            for seat in [seat for seat in known.seats if seat[1] == node]:
                del known.seats[seat]

    def _follow(self, principal: str, limit: int) -> _Principal:
        known = self._principals[principal] = _Principal(limit)

        def heard(_topic: str, data: bytes) -> None:
            hint = _decode(data)
            if hint.node == self._node:
                return
            seat = (hint.at, hint.node, hint.seat)
            if hint.is_taken:
                known.take(seat, None)
            else:
                known.seats.pop(seat, None)

        known.unsubscribe = self._broker.subscribe(_topic(principal), heard)
        return known

    def _say(self, principal: str, hint: SeatHint) -> None:
        self._broker.publish(_topic(principal), msgspec.json.encode(hint))


def _topic(principal: str) -> str:
    return f"seats:{principal}"
