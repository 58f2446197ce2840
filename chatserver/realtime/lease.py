"""How long that lasts which let a client in: its token, or its session. Pure."""

from math import ceil, inf

from chatserver.protocol.shared import Expiring
from chatserver.realtime.effects import Effect, Send


class Lease:
    """Says a while before the end that it comes. Times are monotonic seconds, so that a wall clock
    that jumps ends nothing."""

    __slots__ = ("_is_told", "_notice", "ends_at")

    def __init__(self, notice_seconds: float) -> None:
        self._notice = notice_seconds
        self._is_told = False
        self.ends_at = inf

    def renew(self, ends_at: float) -> bool:
        """It lasts until then. True when the client expected another end."""
        was_told, self._is_told = self._is_told, False
        is_later, self.ends_at = ends_at > self.ends_at, ends_at
        return was_told and is_later

    def is_near(self, now: float) -> bool:
        return now >= self.ends_at - self._notice

    def has_ended(self, now: float) -> bool:
        return now >= self.ends_at

    def tick(self, now: float) -> list[Effect]:
        """The notice, once."""
        if self._is_told or not self.is_near(now) or self.has_ended(now):
            return []
        self._is_told = True
        return [Send(Expiring(ceil(self.ends_at - now)))]
