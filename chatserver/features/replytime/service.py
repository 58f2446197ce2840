"""What may be promised to visitors: asked by every page of every site, so it is kept a while."""

from chatserver.clock import Clock
from chatserver.features.replytime import store
from chatserver.features.replytime.model import DAYS, usual
from chatserver.identity.model import Site
from chatserver.storage.database import Database

# A median of two weeks does not change within that; browsers keep the whole config for a minute.
KEPT_SECONDS = 300.0
# Sites kept in memory; beyond that all are asked for anew.
MOST_SITES = 10_000


class Replies:
    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._kept: dict[str, tuple[float, int | None]] = {}

    async def usual(self, site: Site) -> int | None:
        """Seconds within which this site usually answers; None where nothing can be said."""
        now = self._clock.monotonic()
        kept = self._kept.get(site.id)
        if kept is not None and now - kept[0] < KEPT_SECONDS:
            return kept[1]
        async with self._database.read() as connection:
            since = self._clock.now() - DAYS
            waits = await store.waits_since(connection, site.workspace_id, site.id, since)
        if len(self._kept) >= MOST_SITES:
            self._kept.clear()
        self._kept[site.id] = (now, usual(waits))
        return self._kept[site.id][1]
