"""A mail on its way: what is kept of it, how often it is tried, what the console is told. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# The pause behind each failed try. A mail server that is down over a weekend is back before the
# last one; greylisting lets a second try in after some minutes.
BACKOFF = (
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    24 * HOUR,
)
# A mail that is in hand is tried anew after this long if nothing is heard of it: its process died.
LOST = timedelta(minutes=5)
# What was sent or given up is forgotten after this long. The words of a sent mail go at once.
KEPT = timedelta(days=30)
ERROR_CHARS = 300


class State(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Letter(Struct, frozen=True):
    """A row of the outbox. `next_at` is None unless it is queued; `error` tells of the last try."""

    id: str
    workspace_id: str
    kind: str
    recipient: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    message_id: str
    state: State
    attempts: int
    next_at: datetime | None
    error: str
    created_at: datetime
    updated_at: datetime


class Place(Struct, frozen=True, array_like=True):
    """Where a list goes on: the oldest letter shown."""

    created_at: datetime
    id: str


class Failure(Exception):
    """A try that did not succeed. `is_final`: no later one will, the server said so."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        printable = "".join(char if char.isprintable() else " " for char in reason)
        super().__init__(" ".join(printable.split())[:ERROR_CHARS])
        self.is_final = is_final


class NoServer(Failure):
    """There is no talking to the server: whatever waits behind this mail waits for the same."""


def retry_at(attempts: int, failure: Failure, now: datetime) -> datetime | None:
    """When to try again after `attempts` tries; None: never."""
    if failure.is_final or attempts > len(BACKOFF):
        return None
    return now + BACKOFF[max(attempts, 1) - 1]
