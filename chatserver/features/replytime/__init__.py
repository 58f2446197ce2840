"""Reply time: how long visitors usually wait for the first answer."""

from chatserver.feature import Feature
from chatserver.features.replytime.reactor import KINDS, SLICE, Calendars, ReplyTimes
from chatserver.features.replytime.service import Replies

__all__ = ["Replies", "build"]


def build(*, calendar_of: Calendars) -> Feature:
    """Reads the log from its own cursor. `Replies` says what came of it."""
    times = ReplyTimes(calendar_of)
    return Feature(
        name=SLICE, reactors=dict.fromkeys(KINDS, times.on_fact), together=times.on_facts
    )
