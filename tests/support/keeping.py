"""An installation that is backed up, and what is read in one that was restored."""

from sqlalchemy import select

from chatserver.config import Settings
from chatserver.features.backup.restoring import Restoring
from chatserver.ids import RandomIds
from chatserver.storage import log
from chatserver.storage.database import open_database
from chatserver.storage.schema import metadata
from tests.support.world import ANN, VERA

KEY = "k" * 48


def installation(data, database_url):
    """What is backed up: a chat database, a key and two uploaded files."""
    (data / "uploads" / "ab").mkdir(parents=True)
    (data / "uploads" / "ab" / "photo").write_bytes(b"\x89PNG" * 1000)
    (data / "uploads" / "茶.txt").write_text("oolong")
    (data / "secret.key").write_text(KEY)
    return Settings(data_dir=str(data), database_url=database_url)


def restoring(settings, clock):
    return Restoring(settings=settings, clock=clock, ids=RandomIds())


async def chat(spine):
    chat = await spine.open(VERA)
    await spine.say(VERA, chat, "Is the shop open? 茶 \\ \t \n 'quoted'")
    await spine.say(ANN, chat, "a note", private=True)
    await spine.take(ANN, chat)
    return chat


async def contents(settings):
    """Every table's rows, whatever their order."""
    database = open_database(settings.database)
    try:
        async with database.read() as connection:
            found = {}
            for table in metadata.sorted_tables:
                query = select(table).execution_options(all_tenants=True)
                found[table.name] = sorted(map(str, await connection.execute(query)))
            return found
    finally:
        await database.close()


async def head(settings):
    database = open_database(settings.database)
    try:
        async with database.read() as connection:
            return await log.head(connection)
    finally:
        await database.close()
