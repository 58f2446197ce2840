"""Opens the database and hands out transactions: on SQLite one writer at a time, else a pool."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as Busy
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from chatserver.clock import Clock, SystemClock
from chatserver.errors import Unavailable
from chatserver.ids import Ids, RandomIds
from chatserver.storage import leases, lineage, log
from chatserver.storage.condition import NotStored, RowHeld, Trouble, trouble_of
from chatserver.storage.guard import Guard
from chatserver.storage.pool import Pool
from chatserver.storage.postgresql import open_engine
from chatserver.storage.sqlite import Connection
from chatserver.storage.whole import Threads, Work

logger = structlog.get_logger(__name__)

T = TypeVar("T")

# Readers of a SQLite file: each is a thread. Four keep two cores busy.
SQLITE_READERS = 4
# How long a transaction waits for a connection before it fails as temporary, in seconds.
WAIT_SECONDS = 10
# And for a lock that another process holds. A client hangs up after 10 s without a reply, so those
# who wait in one line must know long before that.
LOCK_SECONDS = 2
# Connections of one process to a PostgreSQL.
CONNECTIONS = 10
# It waited for a transaction of ours until it lost patience: we were slow, and it is well.
IDLED = "25P03"
# PostgreSQL's classes of errors that go away: connection, read-only, idled, rollback (deadlock),
# resources, lock not available, shutdown. The driver tells them by nothing else.
TEMPORARY_STATES = ("08", "25006", IDLED, "40", "53", "55", "57")
# The lease that a probe writes into; nobody ever holds it.
PROBE = "storage"


class Database:
    """Transactions on one database file or server.

    `read()` is a snapshot: all its statements see the same state. `write()` commits when its block
    ends and rolls back when it raises. Failures of the engine become `Unavailable`; `guard` knows
    whether there is one right now, `pool` how busy its connections are. `file`: where SQLite keeps
    it.
    """

    def __init__(
        self,
        readers: AsyncEngine,
        writer: AsyncEngine,
        threads: tuple[Threads, Threads] | None = None,
        *,
        guard: Guard,
        ids: Ids,
        file: Path | None = None,
    ) -> None:
        self.guard = guard
        self._ids = ids
        self.file = file
        self._readers = readers
        self._writer = writer
        self._read_threads = threads[0] if threads else None
        self._write_thread = threads[1] if threads else None
        self._lock = asyncio.Lock() if writer.dialect.name == "sqlite" else None
        self.pool = Pool(guard.clock, [readers, *([writer] if threads else [])])

    @property
    def dialect(self) -> str:
        return self._writer.dialect.name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        with _told(self.guard):
            async with self.pool.take(self._readers) as connection, connection.begin():
                yield connection

    async def read_whole(self, work: Work[T]) -> T:
        """`read()` for work that awaits nothing but its connection: cheaper, for on SQLite it goes
        to a reader's thread as one piece."""
        if self._read_threads is None:
            async with self.read() as connection:
                return await work(connection)
        with _told(self.guard):
            return await self._read_threads.run(work)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        with _told(self.guard):
            async with self._turn(), self.pool.take(self._writer) as connection:
                self.guard.check()  # waiting for a connection took a while
                async with connection.begin():
                    yield connection

    async def write_whole(self, work: Work[T]) -> T:
        """`write()` for work that awaits nothing but its connection: cheaper where there is much of
        it, for on SQLite it goes to the writer's thread as one piece."""
        if self._write_thread is None:
            async with self.write() as connection:
                return await work(connection)
        with _told(self.guard):
            async with self._turn():
                return await self._write_thread.run(work)

    async def recognize(self) -> None:
        """To be called once, before anybody is let in: begins anew where a PostgreSQL server lives
        another life than the one that the database remembers. The probe does it later."""
        async with self.write() as connection:
            await self._recognize(connection)

    async def probe(self) -> None:
        """Stores something whatever the guard says, and tells it. Raises Unavailable."""
        if self.guard.condition.trouble is Trouble.READ_ONLY:
            await self._forget_writers()
        with _told(self.guard):
            async with self._lock or nullcontext(), self._writer.begin() as connection:
                await log.hold(connection)
                await leases.mark(connection, PROBE)
                await self._recognize(connection)
        self.guard.worked()

    async def _recognize(self, connection: AsyncConnection) -> None:
        if self.dialect != "postgresql":
            return
        if await lineage.enter(connection, self._ids.new()):
            logger.warning("the database server lives another life: beginning anew")

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """The one writer's turn. What broke while we waited for it need not break once more."""
        self.guard.check()
        async with self._lock or nullcontext():
            self.guard.check()
            yield

    async def _forget_writers(self) -> None:
        """A file that was opened when it could only be read stays so for that connection."""
        async with self._lock or nullcontext():
            await self._writer.dispose()
            if self._write_thread is not None:
                await self._write_thread.forget()

    async def close(self) -> None:
        for threads in (self._read_threads, self._write_thread):
            if threads is not None:
                await threads.close()
        await self._readers.dispose()
        await self._writer.dispose()


class _told:  # noqa: N801 - reads as a word in a with statement
    """Turns an engine's failure into the typed, temporary one and tells the guard what it says of
    the database; constraint errors pass through."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if not _is_temporary(error):
            return
        if _is_of_one_row(error):
            raise RowHeld from error
        trouble = _trouble(error)
        if trouble is not None:
            self._guard.failed(trouble)
            raise NotStored(trouble) from error
        raise Unavailable("the database did not answer in time", retry_after=1) from error


def _trouble(error: BaseException | None) -> Trouble | None:
    if isinstance(error, DBAPIError):
        if _has_idled(error):
            return None
        away = Trouble.AWAY if error.connection_invalidated else None
        return trouble_of(error.orig or error) or away
    # A TimeoutError is an OSError too: of a busy pool, or of whoever waits for us.
    is_refusal = isinstance(error, OSError) and not isinstance(error, TimeoutError)
    return trouble_of(error) if error and is_refusal else None


def _has_idled(error: BaseException | None) -> bool:
    """The driver says first that the connection is gone, and only behind that why."""
    while error is not None and getattr(error, "sqlstate", None) != IDLED:
        error = error.__cause__
    return error is not None


def _is_of_one_row(error: BaseException | None) -> bool:
    """Only who wants that row has to come again; the log's lock, and SQLite's, is everybody's."""
    if not isinstance(error, DBAPIError) or getattr(error.orig, "sqlstate", None) is None:
        return False
    is_locked = trouble_of(error.orig or error) is Trouble.LOCKED
    return is_locked and not log.is_awaited_by(error.statement)


def _is_temporary(error: BaseException | None) -> bool:
    """OSError: nobody listens there; a block does no other I/O that could raise it. SQLite calls
    everything operational, also a wrong statement, which will be as wrong the next time."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, Busy | OSError)
    if isinstance(error, OperationalError):
        return getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(TEMPORARY_STATES)


def open_database(
    url: str,
    clock: Clock | None = None,
    ids: Ids | None = None,
    *,
    connections: int = CONNECTIONS,
) -> Database:
    """`sqlite:///path` or `postgresql://user@host/name`; creates a missing SQLite folder."""
    guard, ids = Guard(clock or SystemClock()), ids or RandomIds()
    if url.startswith("sqlite"):
        return _open_sqlite(url, guard, ids)
    engine = open_engine(
        url, guard, connections=connections, wait_seconds=WAIT_SECONDS, lock_seconds=LOCK_SECONDS
    )
    readers = engine.execution_options(isolation_level="REPEATABLE READ")
    return Database(readers, engine, guard=guard, ids=ids)


def _open_sqlite(url: str, guard: Guard, ids: Ids) -> Database:
    parsed = make_url(url).set(drivername="sqlite+aiosqlite")
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    path = parsed.database or ":memory:"
    common: dict[str, Any] = {
        "pool_timeout": WAIT_SECONDS,
        "max_overflow": 0,
        "async_creator": lambda: Connection(path),
        "hide_parameters": True,  # they are people's words, and errors are logged
    }
    readers = create_async_engine(parsed, pool_size=SQLITE_READERS, **common)
    writer = create_async_engine(parsed, pool_size=1, **common)
    whole: dict[str, Any] = {"max_overflow": 0, "hide_parameters": True}
    batches = create_engine(make_url(url), pool_size=1, **whole)
    glances = create_engine(make_url(url), pool_size=SQLITE_READERS, **whole)
    _prepare(readers.sync_engine, begin="BEGIN")
    _prepare(writer.sync_engine, begin="BEGIN IMMEDIATE")
    _prepare(batches, begin="BEGIN IMMEDIATE")
    _prepare(glances, begin="BEGIN")
    threads = Threads(glances, SQLITE_READERS, "reader"), Threads(batches, 1, "writer")
    file = Path(path).resolve() if parsed.database else None
    return Database(readers, writer, threads, guard=guard, ids=ids, file=file)


def _prepare(engine: Engine, *, begin: str) -> None:
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_with(begin))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves; the driver's own is too late
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged message survives a power cut
        "foreign_keys=ON",
        f"busy_timeout={LOCK_SECONDS * 1000}",
        "cache_size=-16384",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_with(statement: str) -> Any:
    def begin(connection: Any) -> None:
        connection.exec_driver_sql(statement)

    return begin
