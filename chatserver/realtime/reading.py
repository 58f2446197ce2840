"""What both desks read from the store for a stream: the missing facts, or a fresh start."""

from collections.abc import Callable, Coroutine
from typing import Any

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver import failpoint
from chatserver.conversation import store
from chatserver.conversation.facts import Fact
from chatserver.conversation.model import Conversation
from chatserver.errors import NotFound
from chatserver.failpoint import Failpoint
from chatserver.storage import log
from chatserver.storage.database import Database

# Facts of the newest page, when a client starts without anything.
PAGE = 50
# A client that misses more than this starts afresh with the newest page.
MAX_MISSING = 500
# Facts of one reading for a client that catches up.
CHUNK = 100


class Missing(Struct, frozen=True):
    """`facts` follow on `after` without a hole, and `more` on them. `restart`: that is not where
    the client is."""

    conversation: Conversation
    epoch: str
    after: int
    facts: list[Fact]
    restart: bool
    more: bool


ListFacts = Callable[..., Coroutine[Any, Any, list[Fact]]]


async def read_missing(
    database: Database,
    key: tuple[str, str],
    after: int | None,
    *,
    list_facts: ListFacts,
    head_of: Callable[[Conversation], int],
) -> Missing:
    """Reads, in one snapshot, what lies behind `after`; None: the newest page. Raises NotFound.

    `key` is (workspace, conversation); `head_of` and `list_facts` say whose numbers these are.
    """
    workspace_id, conversation_id = key

    async def work(connection: AsyncConnection) -> Missing:
        state = (await store.load(connection, workspace_id, [conversation_id])).get(conversation_id)
        if state is None:
            raise NotFound
        head = head_of(state)
        start = after if after is not None and 0 <= head - after <= MAX_MISSING else None
        begin = max(0, head - PAGE) if start is None else start
        epoch = (await log.head(connection)).epoch
        facts = await list_facts(connection, *key, after=begin, limit=CHUNK)
        restart = after is not None and start is None
        return Missing(state, epoch, begin, facts, restart, more=len(facts) == CHUNK)

    missing = await database.read_whole(work)
    failpoint.reach(Failpoint.MID_CATCH_UP)
    return missing


async def read_page(
    database: Database,
    key: tuple[str, str],
    *,
    list_facts: ListFacts,
    before: int | None,
    after: int | None,
    limit: int,
) -> tuple[list[Fact], bool]:
    """A page of history, and whether more lies beyond it in that direction. Raises NotFound."""
    workspace_id, conversation_id = key
    if before is None and after is None:
        before = 2**31 - 1

    async def work(connection: AsyncConnection) -> list[Fact]:
        if not await store.load(connection, workspace_id, [conversation_id]):
            raise NotFound
        window = {"after": after or 0, "before": before, "limit": limit + 1}
        return await list_facts(connection, *key, **window)

    facts = await database.read_whole(work)
    more = len(facts) > limit
    if before is None:
        return facts[:limit], more
    return facts[-limit:], more
