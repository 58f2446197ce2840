"""The second opinion on whether a node lives: one that lost the bus still has the database."""

from datetime import timedelta

from chatserver.clock import Clock
from chatserver.errors import Unavailable
from chatserver.storage import leases
from chatserver.storage.database import Database

# Seconds between two signs of life, and how long one counts.
RENEW_SECONDS = 15.0
LEASE_SECONDS = 45.0
# Nodes of yesterday are forgotten.
FORGET = timedelta(days=1)
PREFIX = "node:"


class Witness:
    """Signs of life in the database, one row a node."""

    def __init__(self, node: str, database: Database, clock: Clock) -> None:
        self._node = node
        self._database = database
        self._clock = clock
        self._renewed_at = float("-inf")

    async def renew(self) -> None:
        """A sign of life, when one is due. The next one comes in time when this one fails."""
        monotonic = self._clock.monotonic()
        if monotonic - self._renewed_at < RENEW_SECONDS:
            return
        self._renewed_at = monotonic
        name, now = PREFIX + self._node, self._clock.now()
        try:
            async with self._database.write() as connection:
                await leases.acquire(connection, name, self._node, now=now, seconds=LEASE_SECONDS)
                await leases.sweep(connection, PREFIX, now - FORGET)
        except Unavailable:
            return

    async def is_alive(self, node: str) -> bool:
        """True also where that cannot be known."""
        try:
            async with self._database.read() as connection:
                return await leases.is_held(connection, PREFIX + node, self._clock.now())
        except Unavailable:
            return True

    async def leave(self) -> None:
        """Nobody needs to wait for us."""
        try:
            async with self._database.write() as connection:
                name, now = PREFIX + self._node, self._clock.now()
                await leases.release(connection, name, self._node, now)
        except Unavailable:
            return
