"""The schema that migrations make is the one the code means, on every engine."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chatserver.storage import log
from chatserver.storage.database import open_database
from chatserver.storage.migrate import is_current, migrate
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
