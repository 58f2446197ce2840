"""Whether sites are open now, for visitors who are connected. Who knows the hours says so."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.calendar import Timetable, always

# Of a site, by its workspace and its id.
Find = Callable[[AsyncConnection, str, str], Awaitable[Timetable]]


class Doorplate:
    """Until `find` is set, every site is open round the clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._always = Timetable(always(ZoneInfo("UTC")))
        self.find: Find = self._find

    def at(self, hours: Timetable) -> tuple[bool, datetime | None]:
        """Whether it is open now, and when that ends."""
        return hours.at(self._now())

    async def _find(self, _connection: AsyncConnection, _workspace: str, _site: str) -> Timetable:
        return self._always
