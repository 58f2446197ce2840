"""A fact as a release after this one may store it: of a kind, by an author and in words that we do
not know."""

from datetime import datetime

from msgspec.structs import replace

from chatserver.conversation import store
from chatserver.conversation.model import Conversation
from chatserver.storage import log
from chatserver.storage.database import Database

KIND = "conversation.snoozed"
CANARY = "canary-4471"
META = f'{{"kind":"{KIND}","until":{{"weekday":"{CANARY}"}}}}'
BODY = f'{{"text":["{CANARY}"],"card":{{"title":"{CANARY}"}},"author_name":7}}'


async def plant(
    database: Database,
    conversation_id: str,
    *,
    at: datetime,
    for_visitors: bool = True,
    workspace_id: str = "acme",
) -> Conversation:
    """Appends it as a commit does: the row counts it. The row."""
    async with database.write() as connection:
        key = (workspace_id, conversation_id)
        before = (await store.load_for_update(connection, {key}))[key]
        after = replace(before, seq=before.seq + 1, visitor_seq=before.visitor_seq + for_visitors)
        entry = log.Entry(
            workspace_id=workspace_id,
            kind=KIND,
            author_kind="robot",
            author_id="robbie",
            at=at,
            meta=META,
            body=BODY,
            conversation_id=conversation_id,
            seq=after.seq,
            visitor_seq=after.visitor_seq if for_visitors else None,
        )
        after = replace(after, revision=await log.append(connection, [entry]))
        await store.save(connection, [after], {key: before})
    return after
