"""How long visitors wait for the first answer. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

# Older answers say little about today's team.
DAYS = timedelta(days=14)
# Fewer answers are an accident, not a habit; then nothing is said.
FEWEST = 5
# What is said is the smallest of these that the median does not exceed; slower than a day: nothing.
STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 10, 15, 30, 60, 120, 240, 480, 1440))


class Wait(Struct, frozen=True):
    """A conversation's wait for its first answer. `seconds` is None while it lasts."""

    conversation_id: str
    site_id: str
    workspace_id: str
    asked_at: datetime
    seconds: int | None = None


def usual(waits: Sequence[int]) -> int | None:
    """What may be promised, in seconds; None where the figures say too little."""
    if len(waits) < FEWEST:
        return None
    median = sorted(waits)[len(waits) // 2]
    fitting = (int(step.total_seconds()) for step in STEPS if step.total_seconds() >= median)
    return next(fitting, None)
