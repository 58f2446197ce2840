"""A clock that stands still until a test turns it."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Starts on a Monday morning. `advance` moves wall and monotonic time together."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def turn(self, *, hours: float) -> None:
        """Somebody sets the wall clock; no time passes."""
        self._now += timedelta(hours=hours)

    def advance(self, seconds: float = 0, *, minutes: float = 0, hours: float = 0) -> None:
        total = timedelta(seconds=seconds, minutes=minutes, hours=hours)
        self._now += total
        self._monotonic += total.total_seconds()
