"""Counts what happened to greetings. Whoever can load the website can send a beacon, so figures
are an indication; what a beacon can do is bounded: so many an address and minute, for greetings
that exist, each event once."""

from collections import defaultdict
from datetime import timedelta

from chatserver.broker.buckets import Buckets
from chatserver.clock import Clock
from chatserver.features.greetings import store
from chatserver.features.greetings.model import Beacon, Figures
from chatserver.identity.sites import Sites
from chatserver.storage.database import Database
from chatserver.web.limits import Pace


class Counting:
    def __init__(
        self, *, database: Database, clock: Clock, sites: Sites, buckets: Buckets, minute: int
    ) -> None:
        self._database = database
        self._clock = clock
        self._sites = sites
        self._pace = Pace(buckets, "greeting beacons", rate=minute / 60, burst=minute)

    async def hear(self, beacon: Beacon, address: str, origin: str | None) -> None:
        """Raises RateLimited, or NotFound when there is no such site. A beacon from a page that
        may not show the chat is not counted."""
        await self._pace.take(address)
        site = await self._sites.by_key(beacon.site)
        if origin not in site.origins:
            return
        known = {one.id for one in site.widget.greetings.active}
        news = {(one.greeting, one.event) for one in beacon.news if one.greeting in known}
        by_greeting: dict[str, dict[str, int]] = defaultdict(dict)
        for greeting, event in news:
            by_greeting[greeting][event] = 1
        if not by_greeting:
            return
        day = self._clock.now().date().isoformat()
        async with self._database.write() as connection:
            for greeting, more in sorted(by_greeting.items()):  # one order: no deadlock
                place = (site.workspace_id, site.id)
                await store.count(connection, place, greeting, day, more)

    async def figures(self, workspace_id: str, site_id: str, days: int) -> dict[str, Figures]:
        """Of the last days, by greeting. Raises NotFound."""
        await self._sites.widget(workspace_id, site_id)
        since = (self._clock.now() - timedelta(days=days - 1)).date().isoformat()
        async with self._database.read() as connection:
            return await store.figures(connection, (workspace_id, site_id), since)
