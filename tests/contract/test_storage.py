"""What every engine promises of its snapshots and transactions."""

import asyncio
from datetime import UTC

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from chatserver.errors import Unavailable
from chatserver.storage import log
from chatserver.storage.database import open_database
from chatserver.storage.schema import workspaces
from tests.support.entries import AT, append, entry, head


async def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(database):
    async with database.read() as connection:
        before = await log.head(connection)
        await append(database)
        assert await log.head(connection) == before
        assert await log.after(connection, before.position, 10) == []
    assert await head(database) == before.position + 1


async def test_a_reader_does_not_hold_up_a_writer_nor_a_writer_a_reader(database):
    async with database.write() as writing:
        await log.append(writing, [entry()])
        async with asyncio.timeout(5), database.read() as reading:
            assert (await log.head(reading)).position == 0
    async with database.read() as reading:
        await log.head(reading)
        async with asyncio.timeout(5):
            await append(database)


async def test_a_block_that_raises_writes_nothing(database):
    with pytest.raises(RuntimeError):
        async with database.write() as connection:
            await log.append(connection, [entry()])
            raise RuntimeError("after the writing")
    assert await head(database) == 0


async def test_a_cancelled_block_writes_nothing_and_lets_the_next_one_in(database):
    started = asyncio.Event()

    async def never_ends():
        async with database.write() as connection:
            await log.append(connection, [entry()])
            started.set()
            await asyncio.Event().wait()

    task = asyncio.get_running_loop().create_task(never_ends())
    await started.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5):
        assert await append(database) == 1


async def test_writers_at_once_come_one_after_the_other(database):
    firsts = await asyncio.gather(*(append(database, entry(), entry()) for _ in range(20)))
    assert sorted(firsts) == list(range(1, 41, 2))


async def test_a_broken_constraint_is_told_as_it_is(database):
    with pytest.raises(IntegrityError):
        async with database.write() as connection:
            row = {"id": "acme", "name": "Again", "created_at": AT}
            await connection.execute(insert(workspaces).values(**row))


async def test_a_wrong_statement_is_a_bug_and_not_temporary(database):
    with pytest.raises(DBAPIError):
        async with database.write() as connection:
            await connection.execute(text("SELECT nothing FROM nowhere"))
    assert await append(database) == 1


async def test_times_come_back_as_they_went_in(database):
    local = AT.astimezone(tz=None)
    async with database.write() as connection:
        row = {"id": "new", "name": "New", "created_at": local}
        await connection.execute(insert(workspaces).values(**row))
        stored = (
            await connection.execute(
                select(workspaces.c.created_at).where(workspaces.c.id == "new")
            )
        ).scalar_one()
    assert (stored, stored.tzinfo) == (AT, UTC)


async def test_a_time_without_a_zone_is_a_bug(database):
    with pytest.raises(Exception, match="time zone"):
        async with database.write() as connection:
            row = {"id": "new", "name": "New", "created_at": AT.replace(tzinfo=None)}
            await connection.execute(insert(workspaces).values(**row))


async def test_text_of_any_script_comes_back_as_it_went_in(database):
    words = "你好 👋🏽 שלום \u202e 'quoted\" \\ % _"
    await append(database, entry(body=words))
    async with database.read() as connection:
        (stored,) = await log.after(connection, 0, 10)
    assert stored.body == words


async def test_an_engine_that_is_busy_is_a_temporary_failure(database, database_url):
    """Somebody else holds the log's lock for longer than we are willing to wait."""
    other = open_database(database_url)
    if database.dialect == "sqlite":
        async with database.write() as connection:
            await connection.execute(text("PRAGMA busy_timeout = 50"))
    try:
        async with other.write() as holding:
            await log.append(holding, [entry()])
            with pytest.raises(Unavailable) as caught:
                async with database.write() as connection:
                    if database.dialect == "postgresql":
                        await connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
                    await log.append(connection, [entry()])
        assert caught.value.temporary
    finally:
        await other.close()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_connection_that_the_server_ends_is_a_temporary_failure(database):
    with pytest.raises(Unavailable):
        async with database.write() as connection:
            own = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            async with database.write() as another:
                await another.execute(text(f"SELECT pg_terminate_backend({own:d})"))
            await connection.execute(text("SELECT 1"))
    assert await append(database) == 1


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_nobody_waits_for_ever_for_a_lock_or_for_a_transaction_that_was_forgotten(database):
    limits = {"lock_timeout": "2s", "idle_in_transaction_session_timeout": "10s"}
    for transaction in (database.read, database.write):
        async with transaction() as connection:
            for name, value in limits.items():
                assert (await connection.execute(text(f"SHOW {name}"))).scalar_one() == value


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_forgotten_transaction_ends_and_is_a_temporary_failure(database):
    """Its locks would hold up everybody else's messages."""
    with pytest.raises(Unavailable):
        async with database.write() as connection:
            await log.append(connection, [entry()])
            limit = "SET LOCAL idle_in_transaction_session_timeout = '50ms'"
            await connection.execute(text(limit))
            assert await append(database) == 1
            await connection.execute(text("SELECT 1"))


async def test_a_server_that_is_not_there_is_a_temporary_failure():
    nowhere = open_database("postgresql://chat@127.0.0.1:1/chat")
    try:
        with pytest.raises(Unavailable):
            async with nowhere.read():
                pass
    finally:
        await nowhere.close()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_sqlite_keeps_what_it_acknowledged_and_checks_its_references(database):
    async with database.write() as connection:
        values = [
            (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert values == ["wal", 2, 1]


async def test_a_missing_folder_of_an_embedded_database_is_made(tmp_path):
    opened = open_database(f"sqlite:///{tmp_path}/a/b/chat.db")
    async with opened.write() as connection:
        await connection.execute(text("SELECT 1"))
    await opened.close()
    assert (tmp_path / "a" / "b" / "chat.db").exists()
