"""One connection's place in one conversation: no fact twice, none out of order, no hole. Pure.

Live facts are held while the store is read, then released without what the reading covered.
"""

from msgspec import Struct

# Live facts that wait while the store is read; it has the others too.
MOST_HELD = 64


class Hole(Struct, frozen=True):
    """A fact is missing: read the store behind `after`."""

    after: int


class Stream:
    """Positions are the audience's own numbers. `last` is what the client has been sent."""

    __slots__ = ("_held", "_told", "last")

    def __init__(self) -> None:
        self.last = 0
        self._told = 0
        self._held: dict[int, bytes] | None = None

    @property
    def is_catching_up(self) -> bool:
        return self._held is not None

    def hold(self, after: int) -> None:
        """From here on live facts wait, until `release`."""
        self.last = after
        self._held, self._told = {}, 0

    def offer(self, seq: int, frame: bytes) -> bytes | Hole | None:
        """A live fact: the frame when it is next, None when it is held or known, else the hole."""
        if self._held is not None:
            self._told = max(self._told, seq)
            if len(self._held) < MOST_HELD:
                self._held[seq] = frame
            return None
        if seq <= self.last:
            return None
        if seq > self.last + 1:
            return Hole(self.last)
        self.last = seq
        return frame

    def release(self, last: int) -> tuple[list[bytes], Hole | None]:
        """The store was read and sent up to `last`: the held frames that follow, and a hole if
        one is left."""
        held, self._held = self._held or {}, None
        self.last = last
        frames: list[bytes] = []
        for seq in sorted(held):
            found = self.offer(seq, held[seq])
            if isinstance(found, Hole):
                return frames, found
            if found is not None:
                frames.append(found)
        return frames, Hole(self.last) if self._told > self.last else None
