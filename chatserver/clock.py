"""Where time comes from. Everything that needs it takes a Clock, so tests can turn it by hand."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Wall time for what is stored, monotonic seconds for what is measured."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class SystemClock:
    """The machine's clock. Wall time is UTC and cut to milliseconds, as on the wire."""

    def now(self) -> datetime:
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def monotonic(self) -> float:
        return time.monotonic()


# Wall clocks are corrected by fractions of a second all the time; who is later than this was told
# a wrong time before.
TURNED = timedelta(minutes=1)


class Turning:
    """Notices when somebody turns the wall clock back while we look at it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall, self._steady = clock.now(), clock.monotonic()

    def back(self) -> timedelta:
        """By how much since the last call; zero for what is not worth mentioning."""
        now, steady = self._clock.now(), self._clock.monotonic()
        expected = self._wall + timedelta(seconds=steady - self._steady)
        self._wall, self._steady = now, steady
        return expected - now if expected - now >= TURNED else timedelta()
