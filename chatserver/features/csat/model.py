"""What is kept of a rating. Pure."""

from datetime import datetime

from msgspec import Struct


class Rating(Struct, frozen=True):
    """How a visitor found a conversation, from 1 to 5. `agent_id`: who had it then; `position` is
    the fact it was taken from."""

    conversation_id: str
    workspace_id: str
    site_id: str
    visitor_id: str
    agent_id: str | None
    score: int
    resolved: bool | None
    reasons: tuple[str, ...]
    comment: str
    rated_at: datetime
    position: int
