"""The pool of connections to a PostgreSQL server: how patient they are, and what each new one is
looked at for."""

import socket
from typing import Any

from sqlalchemy import Engine, event, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from chatserver.storage import lineage
from chatserver.storage.condition import Trouble
from chatserver.storage.guard import Guard

# A transaction whose client hangs or was cut off gives its locks back. No question of ours takes
# half a minute: one that does holds up everybody who needs the connection. In milliseconds.
IDLE_MS = 10_000
STATEMENT_MS = 30_000
# A server whose machine is gone says nothing, and Linux would believe in it for a quarter of an
# hour. So many seconds of silence, then questions every few seconds; and as long for an answer to
# what was sent.
SILENCE_SECONDS, ASK_AGAIN_SECONDS, QUESTIONS = 5, 2, 3
UNANSWERED_MS = 11_000


def open_engine(
    url: str, guard: Guard, *, connections: int, wait_seconds: float, lock_seconds: float
) -> AsyncEngine:
    """`guard` is told when the pool meets a standby, or a server that was promoted."""
    timeouts = {
        "lock_timeout": f"{lock_seconds * 1000:.0f}",
        "idle_in_transaction_session_timeout": f"{IDLE_MS}",
        "statement_timeout": f"{STATEMENT_MS}",
    }
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=wait_seconds,
        pool_pre_ping=True,
        connect_args={"server_settings": timeouts, "timeout": wait_seconds},
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", lambda connection, _record: _notice_end(connection))
    _watch_lives(engine.sync_engine, guard)
    return engine


async def take_time(connection: AsyncConnection) -> None:
    """For a transaction that may last minutes and holds nobody up: a copy of everything, or a
    migration. SQLite has no such limit."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SET LOCAL statement_timeout = 0"))


def _notice_end(connection: Any) -> None:
    """Unix sockets need none of it."""
    sock = connection.driver_connection._transport.get_extra_info("socket")
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", SILENCE_SECONDS),
        ("TCP_KEEPINTVL", ASK_AGAIN_SECONDS),
        ("TCP_KEEPCNT", QUESTIONS),
        ("TCP_USER_TIMEOUT", UNANSWERED_MS),
    ):
        if hasattr(socket, name):  # Linux has all of them
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _watch_lives(engine: Engine, guard: Guard) -> None:
    """A pool replaces connections in silence, also by such to a standby, or to one that has become
    the leader. Nobody may write there before the probe has recognized it."""
    last: str | None = None

    def connected(connection: Any, _record: Any) -> None:
        nonlocal last
        life = _life_of(connection)
        if life == lineage.STANDBY:
            guard.failed(Trouble.READ_ONLY)
        elif life is not None:
            if last not in (None, life):
                guard.failed(Trouble.AWAY)
            last = life

    event.listen(engine, "connect", connected)


def _life_of(connection: Any) -> str | None:
    """None where the server does not say: some only speak like PostgreSQL."""
    cursor = connection.cursor()
    try:
        cursor.execute(lineage.QUESTION)
        life: str = cursor.fetchone()[0]
    except connection.dbapi.Error:
        return None
    else:
        return life
    finally:
        cursor.close()
        connection.rollback()
