"""A PostgreSQL that fails: another one takes over, or its machine says nothing any more."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from websockets.exceptions import ConnectionClosed

from chatserver.errors import Unavailable
from chatserver.protocol.codes import CloseCode
from chatserver.storage import leases, log
from chatserver.storage.database import Database, open_database
from chatserver.storage.migrate import migrate
from chatserver.storage.watch import Watch
from tests.support import postgres
from tests.support.postgres import PostgresServer
from tests.support.proxy import open_proxy
from tests.support.running import Running, run_service
from tests.support.sockets import open_chat, open_visitor, site_key

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 60


@pytest.fixture
def server(postgres_server: object) -> Iterator[PostgresServer]:
    """One of this test alone; `postgres_server` says why there is none."""
    with postgres.own_server("fsync=off") as server:
        yield server


def url_of(server: PostgresServer) -> str:
    return server.url.render_as_string(hide_password=False)


@pytest.fixture
async def database(server: PostgresServer) -> AsyncIterator[Database]:
    opened = open_database(url_of(server))
    await migrate(opened)
    await opened.recognize()
    yield opened
    await opened.close()


async def epoch(database: Database) -> str:
    async with database.read() as connection:
        return (await log.head(connection)).epoch


async def generation(database: Database, name: str) -> int:
    async with database.read() as connection:
        query = text("SELECT generation FROM leases WHERE name = :name")
        number: int = (await connection.execute(query, {"name": name})).scalar_one()
        return number


async def test_a_server_that_was_promoted_begins_anew_once(server, database) -> None:
    before = await epoch(database)
    async with database.write() as connection:
        await leases.hold_for_ever(connection, "runner", "us")
    await database.recognize()
    assert (await epoch(database), await generation(database, "runner")) == (before, 1)
    await asyncio.to_thread(server.promote)
    await database.recognize()
    after = await epoch(database)
    assert after != before
    assert await generation(database, "runner") == 2, "whoever works has to begin again"
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)
    await database.recognize()
    assert await epoch(database) == after, "a restart is no other life"


async def test_nobody_writes_to_another_life_before_it_is_recognized(
    server, database, tmp_path
) -> None:
    """The pool exchanges its connections in silence: nothing had failed before the first write."""
    before = await epoch(database)
    watch = Watch(database, folder=tmp_path, warn_mb=0)
    database.guard.is_watched = True
    await asyncio.to_thread(server.promote)
    with pytest.raises(Unavailable):
        async with database.write() as connection:
            await leases.mark(connection, "first word")
    assert await epoch(database) == before
    await watch.probe_once()
    assert await epoch(database) != before
    async with database.write() as connection:
        await leases.mark(connection, "first word")


async def test_a_standby_takes_nothing_until_it_leads(server, database, tmp_path) -> None:
    before = await epoch(database)
    watch = Watch(database, folder=tmp_path, warn_mb=0)
    database.guard.is_watched = True
    await asyncio.to_thread(server.become_standby)
    assert await epoch(database) == before, "it can be read"
    assert database.guard.condition.word == "read_only"
    await watch.probe_once()
    assert database.guard.condition.word == "read_only"
    await asyncio.to_thread(server.lead)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while database.guard.condition.trouble is not None:
            await watch.probe_once()
    assert await epoch(database) != before


async def test_clients_come_again_by_themselves(server: PostgresServer, tmp_path: Path) -> None:
    with run_service(tmp_path, database_url=url_of(server)) as service:
        site = await site_key(service)
        async with open_visitor(service, site) as wire:
            chat = await open_chat(wire)
            send = {"t": "send", "conversation": chat}
            reply = await wire.ask({**send, "client_id": "one", "text": "before"})
            epoch, token = wire.welcome["epoch"], wire.welcome["token"]
            known = {"conversation": chat, "epoch": epoch, "seq": reply["ok"]["seq"]}
            await asyncio.to_thread(server.promote)
            # The second where a reading fell into the moment in which nobody answered.
            assert await wire.close_code() in (CloseCode.RESYNC, CloseCode.TRY_LATER)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await says_again(service, site, token, known):
                pass


async def says_again(service: Running, site: str, token: str, known: dict[str, object]) -> bool:
    """False when it was too early: nobody had recognized the other life yet."""
    with contextlib.suppress(ConnectionClosed):
        await _says_again(service, site, token, known)
        return True
    return False


async def _says_again(service: Running, site: str, token: str, known: dict[str, object]) -> None:
    async with open_visitor(service, site, token=token, resume=known) as wire:
        if wire.welcome["epoch"] == known["epoch"]:
            await wire.until("nothing")  # until it is sent away
        reset = await wire.until("reset")
        assert reset["epoch"] == wire.welcome["epoch"]
        facts = await wire.until("facts")
        assert [fact.get("text") for fact in facts["facts"]][-1] == "before"
        send = {"t": "send", "conversation": known["conversation"]}
        assert "ok" in await wire.ask({**send, "client_id": "two", "text": "after"})


async def test_a_machine_that_says_nothing_any_more_is_given_up(server: PostgresServer) -> None:
    """Linux alone would wait for an answer for a quarter of an hour."""
    async with open_proxy(server.port) as proxy:
        there = server.url.set(port=proxy.port)
        database = open_database(there.render_as_string(hide_password=False), connections=2)
        try:
            await migrate(database)
            for pipe in proxy.pipes.values():
                pipe.vanish()
            async with asyncio.timeout(PATIENCE_SECONDS):
                assert await epoch(database), "the pool notices, and dials anew"
        finally:
            await database.close()
