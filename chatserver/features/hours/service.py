"""What agents do with opening hours, and what visitors are told; each change is a fact."""

from functools import lru_cache

from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.calendar import Calendar, Opening, Timetable
from chatserver.clock import Clock
from chatserver.errors import Conflict, NotFound
from chatserver.features.hours import store
from chatserver.features.hours.model import DEFAULT, Plan, SiteHours, calendar_of
from chatserver.features.hours.rules import checked
from chatserver.identity import record
from chatserver.identity.model import AgentSession, Site
from chatserver.identity.sites import Sites
from chatserver.ids import Ids
from chatserver.storage import log
from chatserver.storage.database import Database

# Timetables of sites whose visitors are here. One is some kilobytes; another plan makes another.
SHARED = 256


class OpeningHours:
    """The hours of each site of a workspace; a site without any is always open."""

    def __init__(self, *, database: Database, clock: Clock, ids: Ids, sites: Sites) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._sites = sites
        self._timetable_of = lru_cache(SHARED)(lambda plan: Timetable(calendar_of(plan)))

    async def get(self, by: AgentSession, site_id: str) -> SiteHours:
        """Raises NotFound."""
        async with self._database.read() as connection:
            await self._check_site(connection, by, site_id)
            return await store.find(connection, by.workspace_id, site_id) or DEFAULT

    async def change(self, by: AgentSession, site_id: str, plan: Plan, version: int) -> SiteHours:
        """Raises NotFound, Invalid, or Conflict when `version` is not the newest."""
        now = self._clock.now()
        async with self._database.write() as connection:
            await self._check_site(connection, by, site_id)
            hours = SiteHours(checked(plan, now.date()), version + 1, now, by.agent_id)
            if not await self._save(connection, by, site_id, hours):
                raise Conflict("somebody else changed these hours; look at them again")
            fact = record.entry(
                "hours.changed", workspace_id=by.workspace_id, by=by.agent_id, at=now, site=site_id
            )
            await log.append(connection, [fact])
        return hours

    async def opening(self, site: Site) -> Opening:
        """Whether a site is open now, and when it opens again."""
        async with self._database.read() as connection:
            found = await store.find(connection, site.workspace_id, site.id)
        return self.now((found or DEFAULT).plan)

    async def calendar(
        self, connection: AsyncConnection, workspace_id: str, site_id: str
    ) -> Calendar:
        """When a site is open: for whoever counts working time."""
        found = await store.find(connection, workspace_id, site_id)
        return calendar_of((found or DEFAULT).plan)

    async def timetable(
        self, connection: AsyncConnection, workspace_id: str, site_id: str
    ) -> Timetable:
        """The same for everybody who looks at the same hours."""
        found = await store.find(connection, workspace_id, site_id)
        return self._timetable_of((found or DEFAULT).plan)

    def now(self, plan: Plan) -> Opening:
        return calendar_of(plan).opening(self._clock.now())

    async def _check_site(
        self, connection: AsyncConnection, by: AgentSession, site_id: str
    ) -> None:
        if site_id not in await self._sites.get(connection, by.workspace_id, [site_id]):
            raise NotFound

    async def _save(
        self, connection: AsyncConnection, by: AgentSession, site_id: str, hours: SiteHours
    ) -> bool:
        if hours.version > 1:
            return await store.replace(connection, by.workspace_id, site_id, hours)
        return await store.add(connection, self._ids.new(), by.workspace_id, site_id, hours)
