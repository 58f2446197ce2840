"""The migrations lead to the tables that the stores describe, on both engines, without a loss."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

import chatserver.app  # noqa: F401 - knows every slice, so every table
from chatserver.identity import site_store
from chatserver.identity.widget.settings import WidgetSettings
from chatserver.storage.database import open_database
from chatserver.storage.migrate import _config, migrate
from chatserver.storage.schema import metadata


@pytest.fixture
async def empty(empty_url):
    database = open_database(empty_url)
    yield database
    await database.close()


async def upgrade(database, revision):
    def run(connection):
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    async with database.write() as connection:
        await connection.run_sync(run)


def differences(connection):
    context = MigrationContext.configure(
        connection,
        opts={"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables},
    )
    return compare_metadata(context, metadata)


async def test_a_migrated_database_is_what_the_stores_describe(empty):
    await migrate(empty)
    async with empty.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(empty):
    await migrate(empty)
    await migrate(empty)
    async with empty.read() as connection:
        assert await connection.run_sync(differences) == []


# What that release wrote of a site; one that runs beside us writes it today.
FIRST_RELEASE = (
    "INSERT INTO workspaces (id, name, created_at) VALUES ('acme', 'Acme', '2026-03-02 08:00:00')",
    "INSERT INTO sites (id, workspace_id, key, name, color, position, greeting, locale, origins,"
    " enabled, created_at) VALUES ('shop', 'acme', 'key', 'Shop', '#1f6feb', 'right', '', 'auto',"
    " '[]', TRUE, '2026-03-02 08:00:00')",
)


async def test_the_first_releases_data_survive_the_upgrade(empty):
    await upgrade(empty, "0001")
    async with empty.write() as connection:
        for statement in FIRST_RELEASE:
            await connection.execute(text(statement))
    await migrate(empty)
    async with empty.read() as connection:
        (shop,) = await site_store.list_sites(connection, "acme")
        assert (shop.name, shop.enabled, shop.drafts) == ("Shop", True, False)
        assert shop.widget == WidgetSettings()
        assert await connection.run_sync(differences) == []
