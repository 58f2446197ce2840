"""An installation moves from SQLite to PostgreSQL: every row as it was, and it lives on there."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update

from chatserver.config import Settings
from chatserver.errors import Rejected
from chatserver.storage import log, timers
from chatserver.storage.database import open_database
from chatserver.storage.moving import CHUNK
from chatserver.storage.schema import metadata, workspaces
from chatserver.storage.timers import Timer
from chatserver.upkeep import copy_database
from tests.support.replay import check_rows_equal_replay, stored_facts
from tests.support.world import ANN, VERA, open_spine

NASTY = "茶 \\ \t\n 'quoted' \"double\" %s :name {x} \u202e 𝔘 null"


@pytest.fixture
async def lived_in(sqlite_url, clock):
    """A SQLite installation with a past, closed; its path."""
    database = open_database(sqlite_url)
    async with open_spine(database, clock) as spine:
        chat = await spine.open(VERA)
        for number in range(5):
            await spine.say(VERA, chat, f"{NASTY} {number}")
        await spine.take(ANN, chat)
        await spine.say(ANN, chat, "a note", private=True)
        await spine.read(ANN, chat, 3)
        clock.advance(seconds=0.123)
        await spine.close(ANN, chat)
    async with database.write() as connection:
        late = datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
        await timers.schedule(connection, Timer("t", "acme", "idle", "k", late, "{}"))
    await database.close()
    return sqlite_url.removeprefix("sqlite:///")


@pytest.fixture
def engine():
    return "postgresql"


@pytest.fixture
def settings(empty_url, tmp_path):
    return Settings(data_dir=str(tmp_path), database_url=empty_url)


def silent(_table, _done, _total):
    pass


async def rows_of(url):
    database = open_database(url)
    try:
        async with database.read() as connection:
            return {
                table.name: sorted(
                    tuple(map(repr, row))
                    for row in await connection.execute(
                        select(table).execution_options(all_tenants=True)
                    )
                )
                for table in metadata.sorted_tables
            }
    finally:
        await database.close()


async def copied(path, settings, tell=silent):

    return await copy_database(settings, Path(path), tell)


async def test_every_row_arrives_as_it_was(lived_in, settings):
    before = await rows_of(f"sqlite:///{lived_in}")
    told = []
    rows = await copied(lived_in, settings, lambda *news: told.append(news))
    after = await rows_of(settings.database)
    assert after == before
    assert rows == sum(map(len, after.values())) > 20
    assert {name for name, done, total in told if done == total} == set(before)


async def test_it_lives_on_where_it_left_off(lived_in, settings, clock):
    """The same epoch: clients resume; and no position, number or constraint is left behind."""
    await copied(lived_in, settings)
    database = open_database(settings.database)
    async with database.read() as connection:
        head = await log.head(connection)
    old = open_database(f"sqlite:///{lived_in}")
    async with old.read() as connection:
        assert head == await log.head(connection)
    await old.close()
    clock.advance(hours=1)
    async with open_spine(database, clock, name="next") as spine:
        chat = await spine.open(VERA)
        first = await spine.say(VERA, chat, NASTY, client_id="again")
        assert first.fact.position > head.position
    positions = [fact.position for fact in await stored_facts(database)]
    assert positions == list(range(1, len(positions) + 1))
    await check_rows_equal_replay(database)
    await database.close()


async def test_more_rows_than_a_chunk_arrive(lived_in, settings, clock):
    database = open_database(f"sqlite:///{lived_in}")
    many = 2 * CHUNK + 7
    async with database.write() as connection:
        values = [
            {"id": f"w{number}", "name": NASTY, "created_at": clock.now() + timedelta(number)}
            for number in range(many)
        ]
        await connection.execute(insert(workspaces), values)
    await database.close()
    await copied(lived_in, settings)
    assert len((await rows_of(settings.database))["workspaces"]) == many + 2


async def test_a_target_that_holds_something_is_left_alone(lived_in, settings):
    await copied(lived_in, settings)
    before = await rows_of(settings.database)
    with pytest.raises(Rejected, match="already"):
        await copied(lived_in, settings)
    assert await rows_of(settings.database) == before


async def test_a_row_that_does_not_fit_leaves_nothing_behind(lived_in, settings):
    """SQLite takes any length; the other one does not. Afterwards the target is still empty."""
    database = open_database(f"sqlite:///{lived_in}")
    async with database.write() as connection:
        rename = update(workspaces).where(workspaces.c.id == "rival").values(name="x" * 201)
        await connection.execute(rename)
    await database.close()
    with pytest.raises(Rejected, match="workspaces"):
        await copied(lived_in, settings)
    assert (await rows_of(settings.database))["workspaces"] == []


async def test_a_file_in_use_is_not_copied(lived_in, settings):
    """What is written meanwhile would be lost."""
    database = open_database(f"sqlite:///{lived_in}")
    async with database.read() as connection:
        await connection.execute(text("SELECT 1 FROM facts"))
        with pytest.raises(Rejected, match="in use"):
            await copied(lived_in, settings)
    await database.close()


async def test_it_says_what_it_needs(lived_in, settings, tmp_path):
    with pytest.raises(Rejected, match="PostgreSQL"):
        await copied(lived_in, Settings(data_dir=str(tmp_path)))
    (tmp_path / "old.db").touch()
    with pytest.raises(Rejected, match="migrate"):
        await copied(tmp_path / "old.db", settings)
