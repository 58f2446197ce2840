"""What is kept of mails to visitors who left. Pure."""

from datetime import datetime

from msgspec import Struct


class Link(Struct, frozen=True):
    """Leads one visitor back into one conversation, once. Of its secret only the digest is kept.
    `customer_id`: who the visitor was known to be when it was mailed."""

    digest: str
    conversation_id: str
    site_id: str
    visitor_id: str
    workspace_id: str
    customer_id: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class Mailed(Struct, frozen=True):
    """The last mail to a visitor; `seq` is the last message in it, in the agents' numbering."""

    visitor_id: str
    conversation_id: str
    workspace_id: str
    seq: int
    mailed_at: datetime
