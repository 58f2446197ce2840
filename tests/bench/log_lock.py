"""What the log's lock costs on PostgreSQL. Ours takes positions from one locked row, so that their
order is the order of commits; the other takes them from a sequence, and readers stop at the oldest
transaction that still runs (`pg_snapshot_xmin`)."""

import asyncio
import secrets
import time

import asyncpg

from tests.bench.table import number, percentile
from tests.support import postgres
from tests.support.postgres import PostgresServer

WRITERS = (1, 3, 6)
BATCHES = (1, 20)
BODY = "x" * 120
KINDS = ("locked", "lock-free")

TABLES = """
    CREATE TABLE log_head (id int PRIMARY KEY, position bigint NOT NULL);
    INSERT INTO log_head VALUES (1, 0);
    CREATE TABLE locked (position bigint PRIMARY KEY, body text NOT NULL);
    CREATE SEQUENCE free_positions;
    CREATE TABLE free (
        position bigint PRIMARY KEY, written_by xid8 NOT NULL, body text NOT NULL
    );
    CREATE INDEX ON free (written_by, position);
    CREATE TABLE rows (id int PRIMARY KEY, revision bigint NOT NULL);
    INSERT INTO rows SELECT n, 0 FROM generate_series(1, 10000) AS n;
"""
ADVANCE = "UPDATE log_head SET position = position + $1 RETURNING position"
APPEND = "INSERT INTO locked SELECT $1 - n, $2 FROM generate_series(0, $3 - 1) AS n"
APPEND_FREE = """
    INSERT INTO free
    SELECT nextval('free_positions'), pg_current_xact_id(), $1 FROM generate_series(1, $2)
    RETURNING position
"""
# What follows in every batch of ours: the rows that the facts are about.
SAVE = "UPDATE rows SET revision = $1 WHERE id = ANY($2::int[])"


async def lock_rows(server: PostgresServer, seconds: float) -> list[tuple[str, ...]]:
    name = f"lock{secrets.token_hex(4)}"
    url = (await postgres.create_database(server.url, name)).render_as_string(hide_password=False)
    connection = await asyncpg.connect(url)
    await connection.execute(TABLES)
    await connection.close()
    rows: list[tuple[str, ...]] = []
    for batch in BATCHES:
        for writers in WRITERS:
            for kind in KINDS:
                took = await _write(url, kind, writers, batch, seconds)
                rate = len(took) / seconds
                p50, p99 = (f"{percentile(took, part) * 1e3:.1f} ms" for part in (0.5, 0.99))
                facts = f"{number(rate * batch)}/s"
                rows.append((kind, f"{writers}", f"{batch}", f"{number(rate)}/s", facts, p50, p99))
    return rows


async def _write(url: str, kind: str, writers: int, batch: int, seconds: float) -> list[float]:
    """How long each transaction took. Every writer has rows of its own."""
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def write(writer: int) -> None:
        connection = await asyncpg.connect(url)
        own = [writer * 1000 + number for number in range(1, batch + 1)]
        try:
            while (began := time.perf_counter()) < end:
                async with connection.transaction():
                    await _append(connection, kind, own)
                took.append(time.perf_counter() - began)
        finally:
            await connection.close()

    await asyncio.gather(*(write(writer) for writer in range(writers)))
    return took


async def _append(
    connection: "asyncpg.Connection[asyncpg.Record]", kind: str, own: list[int]
) -> None:
    if kind == "locked":
        last = await connection.fetchval(ADVANCE, len(own))
        await connection.execute(APPEND, last, BODY, len(own))
    else:
        last = (await connection.fetch(APPEND_FREE, BODY, len(own)))[-1]["position"]
    await connection.execute(SAVE, last, own)
