"""Whether hints get through, judged by our own heartbeats that come back over the bus. Pure.

Redis clients reconnect in silence and what was published meanwhile is gone, so a connection that
looks well proves nothing. A number that comes back does.
"""

# A bus that brought none of our beats back for so long loses what others publish too, in seconds.
SILENCE = 3.0
# Beats in a row that make it healthy: the first after a hole only shows where we are.
ROW = 2


class Pulse:
    """Numbers our beats and reads those that come back. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._sent = 0
        self._heard = 0
        self._heard_at = float("-inf")
        self._row = 0

    def beat(self) -> int:
        """The number of the next beat."""
        self._sent += 1
        return self._sent

    def begin(self, now: float) -> None:
        """A new connection: silence counts from here, and nothing is proven yet."""
        self._heard_at = now
        self._row = 0

    def hear(self, number: int, now: float) -> bool:
        """One of our beats came back; False when one before it did not."""
        follows = number == self._heard + 1
        self._row = self._row + 1 if follows else 1
        self._heard, self._heard_at = number, now
        return follows

    def is_steady(self, now: float) -> bool:
        return self._row >= ROW and now - self._heard_at <= SILENCE

    def silence(self, now: float) -> float:
        """Seconds since the last sign of life."""
        return now - self._heard_at
