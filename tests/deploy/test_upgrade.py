"""From 0.1.0 to this release with chats under way, and back: nobody loses a word or has to sign in.

On one node the old process stops and the new one starts; on PostgreSQL both serve for a while.
"""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from chatserver.protocol.codes import CloseCode
from chatserver.storage.database import open_database
from tests.support import releases
from tests.support.newer import CANARY, plant
from tests.support.replay import stored_rows
from tests.support.returning import ANN, answer, arriving, console
from tests.support.running import Running, run_service
from tests.support.sockets import open_staff

pytestmark = [pytest.mark.slow, pytest.mark.deploy]

OLD = "0.1.0"
# The schema of 0.1.0, which insists on finding no other number.
FIRST = "0001"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return releases.unpack(OLD, tmp_path_factory.mktemp("old"))


async def exchange(service: Running, source: Path | None) -> None:
    """As a deploy does it: SIGTERM, then the other release on the same data."""
    await asyncio.to_thread(service.stop)
    service.source = source
    await asyncio.to_thread(service.start)


def revision(file: Path, number: str) -> str:
    """Writes another number of the schema into the file, as docs/upgrading.md says; the former."""
    with sqlite3.connect(file) as connection:
        former: str = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        connection.execute("UPDATE alembic_version SET version_num = ?", [number])
    connection.close()
    return former


async def test_one_node_is_exchanged_and_given_back(old: Path, tmp_path: Path) -> None:
    with run_service(tmp_path, source=old) as service:
        async with open_staff(service, ANN) as staff:
            async with arriving(service) as vera:
                await vera.say("said to the old one", "one")
                await answer(service, staff, vera.chat, "answered by the old one")
                await vera.until("answered by the old one")
                await exchange(service, None)
                assert await vera.wire.close_code() == CloseCode.DRAIN
            async with vera.back(service):
                assert (await vera.say("said to the old one", "one"))["duplicate"]
                await vera.say("unsent while nobody was there", "two")
                await answer(service, staff, vera.chat, "answered by the new one")
                await vera.until("answered by the new one")
            await asyncio.to_thread(service.stop)
            ours = revision(tmp_path / "chat.db", FIRST)
            await exchange(service, old)
            async with vera.back(service):
                await vera.say("said to the old one again", "three")
            await asyncio.to_thread(service.stop)
            revision(tmp_path / "chat.db", ours)
            await exchange(service, None)
            async with vera.back(service):
                await answer(service, staff, vera.chat, "here to stay")
                await vera.until("here to stay")
    assert vera.texts == [
        "said to the old one",
        "answered by the old one",
        "unsent while nobody was there",
        "answered by the new one",
        "said to the old one again",
        "here to stay",
    ]


async def store_from_the_future(database_url: str, chat: str) -> None:
    """As a release after this one does, which serves beside it or did before it."""
    database = open_database(database_url)
    try:
        row = (await stored_rows(database))[chat]
        await plant(database, chat, at=row.last_at, workspace_id=row.workspace_id)
    finally:
        await database.close()


async def test_what_only_the_next_release_knows_stops_nobody(
    tmp_path: Path, empty_url: str
) -> None:
    """Stored while both have the chat open, and found by both after a restart."""
    with run_service(tmp_path, database_url=empty_url) as service:
        async with arriving(service) as vera, open_staff(service, ANN) as staff:
            await vera.say("before", "one")
            await store_from_the_future(empty_url, vera.chat)
            while "unknown" not in [fact["kind"] for fact in vera.facts]:  # the tail brings it
                await vera.wire.read()
                vera.take()
            await answer(service, staff, vera.chat, "answered behind it")
            await vera.until("answered behind it")
            await exchange(service, None)
            await store_from_the_future(empty_url, vera.chat)
            async with vera.back(service):
                await vera.say("after", "two")
            async with console(service, staff) as ann:
                thread = await ann.ask({"t": "thread", "conversation": vera.chat, "seq": 0})
                while len(ann.facts) < thread["ok"]["seq"]:
                    await ann.read()
    assert vera.texts == ["before", "answered behind it", "after"]
    assert [fact["seq"] for fact in ann.facts] == list(range(1, len(ann.facts) + 1))
    assert [fact["kind"] for fact in ann.facts].count("unknown") == 2
    assert CANARY not in str(ann.facts) + str(vera.facts)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_two_releases_serve_side_by_side(old: Path, tmp_path: Path, empty_url: str) -> None:
    """The new one brings the schema along while the old one has people; then the old one drains."""
    with run_service(tmp_path, source=old, database_url=empty_url) as former:
        async with arriving(former) as vera, open_staff(former, ANN) as staff:
            await vera.say("said to the old one", "one")
            with run_service(tmp_path, command="serve", database_url=empty_url) as latter:
                await vera.say("said to the old one on the new schema", "two")
                await answer(latter, staff, vera.chat, "answered by the new one")
                await vera.until("answered by the new one")
                await answer(former, staff, vera.chat, "answered by the old one")
                await vera.until("answered by the old one")
                await asyncio.to_thread(former.stop)
                assert await vera.wire.close_code() == CloseCode.DRAIN
                async with vera.back(latter):
                    assert (await vera.say("said to the old one", "one"))["duplicate"]
                    await vera.say("said to the new one", "three")
    assert vera.texts == [
        "said to the old one",
        "said to the old one on the new schema",
        "answered by the new one",
        "answered by the old one",
        "said to the new one",
    ]
