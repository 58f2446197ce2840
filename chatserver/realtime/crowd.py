"""Counts the sockets of this node and of each principal, and says who has to go."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Protocol

from chatserver.protocol.codes import CloseCode


class Hangable(Protocol):
    def hang(self, code: CloseCode, reason: str) -> None: ...


class Member(Hangable, Protocol):
    @property
    def audience(self) -> str: ...

    @property
    def waiting_bytes(self) -> int:
        """Written for it and not yet taken."""
        ...

    @property
    def is_behind(self) -> bool:
        """Whether facts wait in the store for it."""
        ...

    def drain(self, reconnect_in_ms: int) -> None: ...


class Traffic:
    """What passed through this node's connections since it started, counted."""

    def __init__(self) -> None:
        self.frames: Counter[str] = Counter()  # by audience
        self.refused: Counter[str] = Counter()  # by limit
        self.closes: Counter[str] = Counter()  # by close code, of those that we closed
        self.errors: Counter[str] = Counter()  # by error code, of what was answered
        self.behind = 0  # times that a client was too slow for its facts


class Crowd:
    """`node` and `address` bound sockets before authentication, `join` those of one principal."""

    def __init__(self, *, node: int, address: int) -> None:
        self._node = node
        self._address = address
        self._addresses: Counter[str] = Counter()
        self._principals: dict[str, dict[int, Hangable]] = {}
        self._members: dict[int, Member] = {}
        self._next = 0
        self._is_closed = False
        self.traffic = Traffic()

    def __iter__(self) -> Iterator[Member]:
        return iter(list(self._members.values()))

    def __len__(self) -> int:
        return len(self._members)

    def enter(self, address: str, member: Member) -> Callable[[], None] | None:
        """Counts a new socket; the result undoes it. None: there are too many, or we are closed."""
        if why := self._why_not(address):
            self.traffic.refused[why] += 1
            return None
        self._next += 1
        key = self._next
        self._members[key] = member
        self._addresses[address] += 1

        def leave() -> None:
            self._members.pop(key, None)
            self._addresses[address] -= 1
            if self._addresses[address] <= 0:
                del self._addresses[address]

        return leave

    @property
    def limit(self) -> int:
        """Of the node."""
        return self._node

    def close(self) -> None:
        """Nobody new comes in, not even over a connection that is open already."""
        self._is_closed = True

    def resync(self) -> None:
        """Everybody has to come again: what they hold is of a database that is gone."""
        for member in self:
            member.hang(CloseCode.RESYNC, "the database begins anew")

    def join(self, principal: str, member: Hangable, limit: int) -> Callable[[], None]:
        """Counts a socket of a visitor or an agent; beyond `limit` the oldest one has to go."""
        members = self._principals.setdefault(principal, {})
        self._next += 1
        key = self._next
        members[key] = member
        for oldest in list(members)[: max(0, len(members) - limit)]:
            members.pop(oldest).hang(CloseCode.REPLACED, "too many tabs")

        def leave() -> None:
            members.pop(key, None)
            if not members and self._principals.get(principal) is members:
                del self._principals[principal]

        return leave

    def _why_not(self, address: str) -> str | None:
        if self._is_closed:
            return "draining"
        if len(self._members) >= self._node:
            return "node"
        return "address" if self._addresses[address] >= self._address else None
