"""Runs the slices' reactors from their cursors and their timers when due, on one node at a time.

Effects in our database commit together with the cursor and check the lease's generation, so a
holder that was paused and replaced writes nothing. What keeps failing becomes a dead letter and
never blocks another slice.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import TURNED, Clock, Turning
from chatserver.errors import ChatError, Gone, Unavailable
from chatserver.feature import Feature
from chatserver.ids import Ids
from chatserver.storage import leases, log, timers
from chatserver.storage.database import Database
from chatserver.storage.log import Entry
from chatserver.storage.schema import dead_letters
from chatserver.storage.timers import Timer

logger = structlog.get_logger(__name__)

LEASE = "runner"
# A dead holder is replaced within LEASE_SECONDS; RENEW_SECONDS leaves room for two slow renewals.
LEASE_SECONDS = 9.0
RENEW_SECONDS = 3.0
# Facts and timers of one transaction: keeps it short, because SQLite has one writer for all.
CHUNK = 50
# How often timers are looked at when nothing happens, in seconds.
IDLE_SECONDS = 1.0
# After a commit, wait a moment: the next facts of a busy time share one transaction.
GATHER_SECONDS = 0.05
# Tries of one fact or timer before it becomes a dead letter; waits 1, 2, 4 … seconds between.
MAX_ATTEMPTS = 6
MAX_BACKOFF_SECONDS = 60


class _Slice:
    """One slice's place in the log and its patience with the fact it stumbles over."""

    def __init__(self, feature: Feature) -> None:
        self.feature = feature
        self.position = 0
        self.attempts = 0
        self.retry_at = 0.0

    def wants(self, entry: Entry) -> bool:
        return entry.position > self.position and entry.kind in self.feature.reactors


class Runner:
    """Run `run()` on every node; only the one that holds the lease works."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ids: Ids,
        features: Sequence[Feature],
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._holder = ids.new()
        self._slices = [_Slice(feature) for feature in features if feature.reactors]
        self._timed = {f.name: f.on_timer for f in features if f.on_timer is not None}
        self._wake = asyncio.Event()
        self._turning = Turning(clock)
        self._back = timedelta()
        self._generation: int | None = None
        self._renewed_at = float("-inf")
        self._head = 0
        self._is_behind = False
        self.slices = frozenset(self._timed) | {f.name for f in features if f.reactors}
        self.failures: Counter[str] = Counter()

    @property
    def holds_lease(self) -> bool:
        """Whether this node is the one that works."""
        return self._generation is not None

    @property
    def lag(self) -> int:
        """Facts that the slowest slice has not read yet; 0 on a node without the lease."""
        return max(self.lags.values(), default=0)

    @property
    def lags(self) -> dict[str, int]:
        """The same of every slice, by its name; empty on a node without the lease."""
        if self._generation is None:
            return {}
        return {s.feature.name: max(0, self._head - s.position) for s in self._slices}

    @property
    def timed(self) -> Collection[str]:
        """The slices that wait for timers."""
        return self._timed.keys()

    @property
    def wake(self) -> asyncio.Event:
        """To be set when something was committed."""
        return self._wake

    async def run(self) -> None:
        """Works whenever this node holds the lease, until cancelled."""
        try:
            while True:
                await self.run_once()
                if not self._is_behind:
                    with contextlib.suppress(TimeoutError):  # nothing happened: look at timers
                        await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)
                        await asyncio.sleep(GATHER_SECONDS)
                self._wake.clear()
        finally:
            await self._release()

    async def run_once(self) -> bool:
        """One round; True when there was something to do."""
        self._is_behind = False
        try:
            if not await self._hold():
                return False
            entries, due = await self._look()
            await self._read(entries)
            if len(entries) < CHUNK:  # facts of that time set timers by its clock
                await self._pull_timers()
            for timer in due:
                await self._ring(timer)
        except Gone:
            self._generation = None
            return False
        except Unavailable:
            await asyncio.sleep(IDLE_SECONDS)
            return False
        self._is_behind = CHUNK in (len(entries), len(due))
        return bool(entries or due)

    async def _hold(self) -> bool:
        """Takes or renews the lease when that is due."""
        now = self._clock.monotonic()
        if self._generation is not None and now - self._renewed_at < RENEW_SECONDS:
            return True
        async with self._database.write() as connection:
            generation = await self._acquire(connection, self._clock.now())
            if generation is not None and generation != self._generation:
                for one in self._slices:
                    one.position = await leases.cursor(connection, one.feature.name) or 0
        self._generation, self._renewed_at = generation, now
        return generation is not None

    async def _acquire(self, connection: AsyncConnection, now: datetime) -> int | None:
        name, seconds = self._holder, LEASE_SECONDS
        ahead = await leases.ahead(connection, LEASE, name, now=now, seconds=seconds)
        self._back = max(self._back, ahead)
        return await leases.acquire(connection, LEASE, name, now=now, seconds=seconds)

    async def _pull_timers(self) -> None:
        """Timers are set by the wall clock, to outlive us. Turned back by a day it would ring them
        a day late, so they come earlier by as much; a slice does not mind a ring too many."""
        self._back += self._turning.back()
        if self._back < TURNED:
            return
        async with self._database.write() as connection:
            await self._check(connection)
            count = await timers.pull(connection, self._back, self._clock.now())
        seconds = round(self._back.total_seconds())
        logger.warning("clock was turned back", seconds=seconds, timers=count)
        self._back = timedelta()

    async def _release(self) -> None:
        if self._generation is None:
            return
        with contextlib.suppress(Unavailable):  # the lease runs out by itself
            async with self._database.write() as connection:
                await leases.release(connection, LEASE, self._holder, self._clock.now())

    async def _look(self) -> tuple[list[Entry], list[Timer]]:
        """What is behind the slowest slice that is not waiting to try again, and what is due."""
        now = self._clock.monotonic()
        positions = [one.position for one in self._slices if one.retry_at <= now]
        async with self._database.read() as connection:
            self._head = (await log.head(connection)).position
            start = min(positions, default=self._head)
            entries = await log.after(connection, start, CHUNK) if start < self._head else []
            due = await timers.due(connection, self._clock.now(), CHUNK, self._timed)
        return entries, due

    async def _read(self, entries: list[Entry]) -> None:
        """Hands the facts to every slice: to all in one transaction, or one by one when one of
        them fails."""
        if not entries:
            return
        now, end = self._clock.monotonic(), entries[-1].position
        ready = [one for one in self._slices if one.retry_at <= now and one.position < end]
        try:
            await self._react({one: [e for e in entries if one.wants(e)] for one in ready}, end)
        except (Gone, Unavailable):
            raise
        except Exception:
            for one in ready:
                await self._feed(one, entries)

    async def _feed(self, one: _Slice, entries: list[Entry]) -> None:
        wanted = [entry for entry in entries if one.wants(entry)]
        end = entries[-1].position
        try:
            await self._react({one: wanted}, end)
        except (Gone, Unavailable):
            raise
        except Exception:
            await self._feed_alone(one, wanted, end)

    async def _feed_alone(self, one: _Slice, wanted: list[Entry], end: int) -> None:
        """Something in the chunk fails: go up to it, then be patient with it alone."""
        for entry in wanted:
            try:
                await self._react({one: [entry]}, entry.position)
            except (Gone, Unavailable):
                raise
            except Exception as error:
                await self._stumble(one, entry, error)
                return
        await self._react({one: []}, end)

    async def _react(self, wanted: Mapping[_Slice, list[Entry]], end: int) -> None:
        async def work(connection: AsyncConnection) -> None:
            await self._check(connection)
            for one, entries in wanted.items():
                name = one.feature.name
                await _own(_feed_to(one.feature, connection, entries))
                await leases.advance(connection, name, end, self._generation or 0)

        await self._database.write_whole(work)
        for one in wanted:
            one.position, one.attempts = end, 0

    async def _stumble(self, one: _Slice, entry: Entry, error: Exception) -> None:
        one.attempts += 1
        self.failures[one.feature.name] += 1
        logger.warning(
            "reactor failed",
            slice=one.feature.name,
            position=entry.position,
            attempts=one.attempts,
            exc_info=error,
        )
        if one.attempts < MAX_ATTEMPTS or _is_temporary(error):
            one.retry_at = self._clock.monotonic() + _backoff(one.attempts)
            return
        async with self._database.write() as connection:
            await self._check(connection)
            await self._bury(connection, one.feature.name, error, position=entry.position)
            await leases.advance(
                connection, one.feature.name, entry.position, self._generation or 0
            )
        one.position, one.attempts = entry.position, 0

    async def _ring(self, timer: Timer) -> None:
        handler = self._timed.get(timer.slice)
        try:
            async with self._database.write() as connection:
                await self._check(connection)
                if await timers.done(connection, timer) and handler is not None:
                    await _own(handler(connection, timer))
        except (Gone, Unavailable):
            raise
        except Exception as error:
            await self._postpone(timer, error)

    async def _postpone(self, timer: Timer, error: Exception) -> None:
        attempts = timer.attempts + 1
        self.failures[timer.slice] += 1
        logger.warning(
            "timer failed", slice=timer.slice, timer=timer.id, attempts=attempts, exc_info=error
        )
        async with self._database.write() as connection:
            await self._check(connection)
            if attempts < MAX_ATTEMPTS or _is_temporary(error):
                until = self._clock.now() + timedelta(seconds=_backoff(attempts))
                await timers.postpone(connection, timer, until)
                return
            await self._bury(connection, timer.slice, error, timer_id=timer.id)
            await timers.done(connection, timer)

    async def _check(self, connection: AsyncConnection) -> None:
        await leases.check(connection, LEASE, self._generation or 0)

    async def _bury(
        self,
        connection: AsyncConnection,
        slice_name: str,
        error: Exception,
        *,
        position: int | None = None,
        timer_id: str | None = None,
    ) -> None:
        """Keeps what could not be done for a person to look at; ids only, no words."""
        await connection.execute(
            insert(dead_letters).values(
                id=self._ids.new(),
                slice=slice_name,
                position=position,
                timer_id=timer_id,
                error=type(error.__cause__ or error).__name__,
                attempts=MAX_ATTEMPTS,
                at=self._clock.now(),
            )
        )


def _backoff(attempts: int) -> float:
    return min(MAX_BACKOFF_SECONDS, float(2 ** min(attempts - 1, 10)))


class _Stumbled(Exception):
    """A slice raised a ChatError. It is the slice's, also where the lease and the database raise
    the same kinds: they stop the runner, a slice must not."""


async def _feed_to(feature: Feature, connection: AsyncConnection, entries: list[Entry]) -> None:
    if feature.together is not None:
        await feature.together(connection, entries)
        return
    for entry in entries:
        await feature.reactors[entry.kind](connection, entry)


async def _own(work: Awaitable[None]) -> None:
    try:
        await work
    except ChatError as error:
        raise _Stumbled from error


def _is_temporary(error: Exception) -> bool:
    """What may succeed later is tried for ever and never buried."""
    return isinstance(error.__cause__, ChatError) and error.__cause__.temporary
