"""Reads the log for what the hints did not bring, so that a lost hint costs seconds, not a fact."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from chatserver.broker.base import Broker
from chatserver.conversation.entries import from_entry
from chatserver.errors import Unavailable
from chatserver.realtime.hub import Hub
from chatserver.realtime.inbox import InboxFeed
from chatserver.storage import log
from chatserver.storage.database import Database

logger = structlog.get_logger(__name__)

# While the bus is degraded, in seconds.
DEGRADED_SECONDS = 1.0
# Between two questions to a database that does not answer yet, in seconds.
BEGIN_SECONDS = 0.5
# Told to everybody here whatever they have seen: of a conversation that begins or goes on tabs do
# not know yet, or it was over; and who is cut off by an identification cannot miss it by a number.
ALWAYS = ("conversation.opened", "conversation.reopened", "visitor.identified")
# Facts of one reading.
CHUNK = 500


class Tail:
    """Follows the log by position from where it ended when this began. Facts that were delivered
    already are dropped by the streams, which know their numbers. `began_anew` is called when the
    database has another epoch: whoever is connected has to come again. `heeds` has, by kind, who
    wants to know of facts that belong to no conversation."""

    def __init__(
        self, *, database: Database, broker: Broker, hub: Hub, inbox: InboxFeed, seconds: float
    ) -> None:
        self._database = database
        self._broker = broker
        self._hub = hub
        self._inbox = inbox
        self._seconds = seconds
        self._position: int | None = None
        self._epoch = ""
        self.began_anew: Callable[[], None] = lambda: None
        self.heeds: dict[str, Callable[[log.Entry], Awaitable[None]]] = {}
        self._read_at = asyncio.get_running_loop().time()
        self.repaired = 0

    @property
    def age_seconds(self) -> float:
        """Since the log was last read to its end."""
        return asyncio.get_running_loop().time() - self._read_at

    async def begin(self) -> None:
        """Finds where the log ends, however long the database takes to say so. Nobody may be let in
        before: what is stored and not heard of meanwhile would lie before our place for ever."""
        while self._position is None:
            try:
                async with self._database.read() as connection:
                    head = await log.head(connection)
                self._position, self._epoch = head.position, head.epoch
            except Unavailable:
                await asyncio.sleep(BEGIN_SECONDS)

    async def run(self) -> None:
        """Reads every few seconds until cancelled."""
        await self.begin()
        while True:
            with contextlib.suppress(Unavailable):  # /readyz says so; we start here again
                while await self.read_once():
                    pass
            await self._pause()

    async def _pause(self) -> None:
        """Until the next reading is due; not at all when hints may have been lost just now."""
        degraded = min(DEGRADED_SECONDS, self._seconds)
        seconds = degraded if self._broker.degraded else self._seconds
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._broker.doubt.wait()
        self._broker.doubt.clear()

    async def read_once(self) -> bool:
        """Hands on what is behind the last reading; True when there may be more."""
        async with self._database.read() as connection:
            head = await log.head(connection)
            entries = await log.after(connection, self._position or 0, CHUNK)
        if head.epoch != self._epoch:
            self._begin_anew(head)
            return False
        for entry in entries:
            await self._heed(entry)
            self._position = entry.position
            if entry.conversation_id is not None:
                is_new = entry.kind in ALWAYS
                is_missing = self._hub.awaits(entry.conversation_id, entry.position)
                self.repaired += is_missing
                if is_new or is_missing:
                    self._hub.deliver(from_entry(entry))
                self._inbox.conversation_changed(entry)
        if len(entries) < CHUNK:
            self._read_at = asyncio.get_running_loop().time()
        return len(entries) == CHUNK

    async def _heed(self, entry: log.Entry) -> None:
        """One that fails keeps nobody from what comes after it. Raises Unavailable: the next
        reading begins with this entry."""
        heed = self.heeds.get(entry.kind)
        if heed is None:
            return
        try:
            await heed(entry)
        except Unavailable:
            raise
        except Exception:
            logger.exception("a fact was not heeded", kind=entry.kind, position=entry.position)

    def _begin_anew(self, head: log.Head) -> None:
        """The database lives another life. What everybody holds belongs to the former one."""
        logger.warning("the log begins anew", position=head.position)
        self._position, self._epoch = head.position, head.epoch
        self._hub.began_anew()
        self._inbox.began_anew(head.position)
        self.began_anew()
