"""What identity leaves in the log: who did what to whom, by ids alone. No name, no address."""

from datetime import datetime

import msgspec

from chatserver.storage.log import Entry


def entry(
    kind: str, *, workspace_id: str, by: str | None, at: datetime, **meta: str | bool
) -> Entry:
    """A fact without a conversation. `by` is an agent's id; None: the service itself."""
    return Entry(
        workspace_id=workspace_id,
        kind=kind,
        author_kind="agent" if by else "system",
        author_id=by,
        at=at,
        meta=msgspec.json.encode(meta).decode(),
    )
