"""Whether sites are open now, for visitors who are connected. Who knows the hours says so."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.calendar import Timetable, always
from chatserver.realtime.hints import HoursHint, presence_topic
from chatserver.realtime.hub import Hub
from chatserver.storage.database import Database
from chatserver.storage.log import Entry

# Of a site, by its workspace and its id.
Find = Callable[[AsyncConnection, str, str], Awaitable[Timetable]]


class _Changed(msgspec.Struct):
    site: str


_changed = msgspec.json.Decoder(_Changed).decode


class Doorplate:
    """Until `find` is set, every site is open round the clock."""

    def __init__(self, *, database: Database, hub: Hub, now: Callable[[], datetime]) -> None:
        self._database = database
        self._hub = hub
        self._now = now
        self._always = Timetable(always(ZoneInfo("UTC")))
        self.find: Find = self._find

    def at(self, hours: Timetable) -> tuple[bool, datetime | None]:
        """Whether it is open now, and when that ends."""
        return hours.at(self._now())

    async def changed(self, entry: Entry) -> None:
        """Somebody wrote other hours, at whichever node: read once for all who are on that site."""
        site_id = _changed(entry.meta).site
        async with self._database.read() as connection:
            hours = await self.find(connection, entry.workspace_id, site_id)
        self._hub.tell(presence_topic(entry.workspace_id), HoursHint(site_id, hours))

    async def _find(self, _connection: AsyncConnection, _workspace: str, _site: str) -> Timetable:
        return self._always
