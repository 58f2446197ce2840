"""Another process in the middle of something long, on any engine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chatserver.storage import log
from chatserver.storage.database import open_database
from chatserver.storage.log import Entry
from tests.support.world import BEGAN


@asynccontextmanager
async def locked(database_url: str) -> AsyncIterator[None]:
    """Holds the log's lock; what it wrote is undone."""
    other = open_database(database_url)
    try:
        async with other.write() as holding:
            await log.append(holding, [Entry("acme", "tested", "system", BEGAN, "{}")])
            yield
            await holding.rollback()
    finally:
        await other.close()
