"""When each visitor was last seen: noted at once, stored a second later, many at a time. After the
death of a process thousands come back within seconds, and nothing else of them has changed."""

import asyncio
import contextlib
from datetime import datetime

from chatserver.errors import Unavailable
from chatserver.identity import visitor_store
from chatserver.storage.database import Database

# How long a note may wait, in seconds. A process that dies forgets as much.
SECONDS = 1.0
# Rows of one transaction: it takes the writer a few milliseconds.
CHUNK = 500

Key = tuple[str, str]


class Seen:
    """Of one process. Run `run()` for as long as visitors may come."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[Key, datetime] = {}

    def note(self, workspace_id: str, visitor_id: str, at: datetime) -> None:
        self._noted[workspace_id, visitor_id] = at

    async def run(self) -> None:
        while True:
            with contextlib.suppress(Unavailable):  # and again in a second
                await self.store()
            await asyncio.sleep(SECONDS)

    async def store(self) -> None:
        """Stores what was noted. Raises Unavailable; what was not stored stays noted."""
        while self._noted:
            some = dict(list(self._noted.items())[:CHUNK])
            async with self._database.write() as connection:
                await visitor_store.set_seen(connection, some)
            for key, at in some.items():
                if self._noted.get(key) == at:
                    del self._noted[key]
