"""Idle close: a chat in which nothing happens any more closes by itself."""

from datetime import timedelta

from chatserver.clock import Clock
from chatserver.conversation.service import Conversations
from chatserver.feature import Feature
from chatserver.features.idle.reactor import IdleClose

__all__ = ["build"]


def build(*, conversations: Conversations, clock: Clock, idle_close_hours: int) -> Feature:
    """With 0 hours nothing new is scheduled, and what still rings closes nothing."""
    idle = IdleClose(
        conversations=conversations, clock=clock, limit=timedelta(hours=idle_close_hours)
    )
    return Feature(name="idle", reactors=idle.reactors, on_timer=idle.on_timer)
