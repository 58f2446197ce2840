"""A slice whose effects can be counted, and runners of several nodes."""

from collections import Counter

from sqlalchemy import select

from chatserver.feature import Feature
from chatserver.runner import Runner
from chatserver.storage import leases, log
from chatserver.storage.log import Entry
from chatserver.storage.schema import dead_letters
from tests.support.world import CountingIds

KIND = "noticed"


class Slice:
    """A slice that answers every `noticed` with an `echoed` fact: an effect one can count."""

    def __init__(self, name, clock):
        self.name = name
        self.clock = clock
        self.poison = {}
        self.rings = []
        self.on_ring = None

    @property
    def feature(self):
        return Feature(self.name, reactors={KIND: self.notice}, on_timer=self.ring)

    async def notice(self, connection, entry):
        await log.append(connection, [self.entry("echoed", f"{self.name}:{entry.position}")])
        if entry.position in self.poison:
            raise self.poison[entry.position]()  # a new one each time, as in life

    async def ring(self, connection, timer):
        self.rings.append(timer.key)
        await log.append(connection, [self.entry("rang", timer.key)])
        if self.on_ring:
            await self.on_ring(connection, timer)

    def entry(self, kind, meta):
        return Entry("acme", kind, "system", self.clock.now(), f'"{meta}"')


class Nodes:
    """Each runner is on a node of its own."""

    def __init__(self, database, clock):
        self.database, self.clock = database, clock
        self.names = CountingIds("node")

    def __call__(self, *slices):
        return Runner(
            database=self.database,
            clock=self.clock,
            ids=CountingIds(self.names.new()),
            features=[one.feature for one in slices],
        )


async def notice(database, clock, count=1):
    entry = Entry("acme", KIND, "system", clock.now(), "{}")
    async with database.write() as connection:
        return await log.append(connection, [entry] * count)


async def effects(database, kind="echoed"):
    """What was done, by name."""
    async with database.read() as connection:
        entries = await log.after(connection, 0, 10_000)
    return Counter(entry.meta.strip('"') for entry in entries if entry.kind == kind)


async def cursor(database, name="echo"):
    async with database.read() as connection:
        return await leases.cursor(connection, name)


async def letters(database):
    async with database.read() as connection:
        query = select(dead_letters.c.slice, dead_letters.c.position, dead_letters.c.error)
        return [tuple(row) for row in await connection.execute(query)]


async def work(*runners):
    """Rounds until nobody has anything left to do."""
    while any([await runner.run_once() for runner in runners]):
        pass
