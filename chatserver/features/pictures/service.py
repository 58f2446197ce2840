"""Takes a picture for a site's widget, and forgets those that its settings no longer name."""

from datetime import timedelta

from chatserver.clock import Clock
from chatserver.errors import NotFound, Rejected
from chatserver.features.pictures import store
from chatserver.identity.model import AgentSession
from chatserver.identity.sites import Sites
from chatserver.ids import Ids
from chatserver.storage.database import Database

# Uploaded, looked at and not saved: a customiser may stay open over night.
UNSAVED = timedelta(days=2)


class Pictures:
    def __init__(
        self, *, database: Database, clock: Clock, ids: Ids, sites: Sites, most: int
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._sites = sites
        self._most = most

    async def expect(self, by: AgentSession, site_id: str) -> None:
        """Raises NotFound when there is no such site."""
        await self._sites.widget(by.workspace_id, site_id)

    async def add(self, by: AgentSession, site_id: str, content: bytes) -> str:
        """Its id. Raises Rejected when the site has enough."""
        place = (by.workspace_id, site_id)
        picture_id, now = self._ids.new(), self._clock.now()
        async with self._database.write() as connection:
            named = await self._sites.widget_text(connection, *place)
            old = await store.older(connection, place, now - UNSAVED)
            await store.remove(connection, place, [one for one in old if one not in named])
            if await store.count(connection, place) >= self._most:
                raise Rejected(f"a site holds at most {self._most} pictures")
            await store.add(connection, place, picture_id, content, now)
        return picture_id

    async def content(self, picture_id: str) -> bytes:
        """Raises NotFound."""
        async with self._database.read() as connection:
            found = await store.content(connection, picture_id)
        if found is None:
            raise NotFound
        return found
