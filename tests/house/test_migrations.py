"""The schema that migrations make is the one the code means, on every engine."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chatserver.storage import log
from chatserver.storage.database import LOCK_SECONDS, open_database
from chatserver.storage.migrate import MIGRATING, is_current, migrate, upgrade
from chatserver.storage.schema import metadata
from tests.support.tables import all_tables


@pytest.fixture
async def empty(empty_url):
    opened = open_database(empty_url)
    yield opened
    await opened.close()


def differences(connection):
    options = {"compare_type": True, "compare_server_default": True}
    return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


async def test_migrating_an_empty_database_makes_the_schema_of_the_code(empty):
    all_tables()
    await migrate(empty)
    async with empty.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(empty):
    await migrate(empty)
    async with empty.read() as connection:
        before = await log.head(connection)
    await migrate(empty)
    async with empty.read() as connection:
        assert await log.head(connection) == before
        assert before.position == 0


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_who_finds_another_node_migrating_waits_for_it(empty, empty_url):
    """Longer than for any other lock: a large table takes its time."""
    another, watcher = open_database(empty_url), open_database(empty_url)
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    async with asyncio.TaskGroup() as tasks:
        async with another.write() as connection:
            lock = text("SELECT pg_advisory_xact_lock(:number)")
            await connection.execute(lock, {"number": MIGRATING})
            migrating = tasks.create_task(migrate(empty))
            async with asyncio.timeout(30):
                while not await scalar(watcher, waiting):
                    pass
            await connection.execute(text("SELECT pg_sleep(:s)"), {"s": LOCK_SECONDS + 0.5})
            assert not migrating.done()
        await migrating
    assert await is_current(empty)
    for database in (another, watcher):
        await database.close()


async def scalar(database, query):
    async with database.read() as connection:
        return (await connection.execute(query)).scalar_one()


async def test_a_release_works_with_the_schema_of_the_next(empty):
    """While nodes are exchanged one by one, and after a step back: migrations only add."""
    await migrate(empty)
    async with empty.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert await is_current(empty)
    await migrate(empty)
    async with empty.read() as connection:
        found = await connection.execute(text("SELECT version_num FROM alembic_version"))
        assert found.scalar_one() == "9999"


async def test_a_schema_that_is_behind_is_not_current(empty):
    async with empty.write() as connection:
        await connection.run_sync(upgrade, "0001")
    assert not await is_current(empty)


async def test_a_database_knows_whether_it_is_current(empty):
    assert not await is_current(empty)
    await migrate(empty)
    assert await is_current(empty)


async def test_two_databases_never_live_the_same_life(empty, database):
    await migrate(empty)
    epochs = set()
    for one in (empty, database):
        async with one.read() as connection:
            epochs.add((await log.head(connection)).epoch)
    assert len(epochs) == 2


async def test_a_migration_that_fails_leaves_nothing_behind(empty):
    """All of it is one transaction, on both engines."""
    async with empty.write() as connection:
        await connection.execute(text("CREATE TABLE visitors (id TEXT)"))
    with pytest.raises(DBAPIError, match="visitors"):
        await migrate(empty)
    async with empty.write() as connection:
        await connection.execute(text("DROP TABLE visitors"))
    await migrate(empty)
    assert await is_current(empty)
