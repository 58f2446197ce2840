"""A database that cannot store: all engines say so in the same words, and recover by themselves."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import text

from chatserver.errors import Unavailable
from chatserver.storage import leases, log
from chatserver.storage.condition import NotStored, Trouble
from chatserver.storage.database import LOCK_SECONDS, open_database
from chatserver.storage.log import Entry
from chatserver.storage.watch import MEGABYTE, Watch
from tests.support import postgres
from tests.support.locks import locked
from tests.support.world import BEGAN


def entry(body="{}"):
    return Entry("acme", "tested", "system", BEGAN, "{}", body)


async def append(database, entries=1):
    async with database.write() as connection:
        return await log.append(connection, [entry()] * entries)


async def append_whole(database, body):
    async def work(connection):
        return await log.append(connection, [entry(body)])

    return await database.write_whole(work)


async def head(database):
    async with database.read() as connection:
        return (await log.head(connection)).position


@pytest.fixture
def watch(database, tmp_path):
    """Probes when a test says so."""
    watch = Watch(database, folder=tmp_path, warn_mb=500)
    database.guard.is_watched = True
    return watch


async def set_pragma(database, pragma):
    """On both writers: the one for blocks and the one for whole transactions."""

    async def work(connection):
        await connection.execute(text(f"PRAGMA {pragma}"))

    async with database.write() as connection:
        await work(connection)
    await database.write_whole(work)


async def pragma(database, name):
    async with database.read() as connection:
        return (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()


# Locked


async def test_a_locked_database_is_told_and_is_well_again_when_the_lock_is_gone(
    database, database_url, watch
):
    async with locked(database_url):
        with pytest.raises(NotStored) as caught:
            await append(database)
        assert caught.value.trouble is Trouble.LOCKED
        assert caught.value.retry_after < LOCK_SECONDS
        await watch.probe_once()
        assert database.guard.condition.trouble is Trouble.LOCKED
    await watch.probe_once()
    assert database.guard.condition.word == "ok"
    assert await append(database) == 1


async def test_nobody_waits_in_line_for_a_lock_that_somebody_waited_for_in_vain(
    database, database_url, watch
):
    """Two hundred who wait two seconds each would be done in seven minutes."""
    async with locked(database_url):
        many = [append(database) for _ in range(100)]
        many += [append_whole(database, "{}") for _ in range(100)]
        async with asyncio.timeout(5 * LOCK_SECONDS):
            results = await asyncio.gather(*many, return_exceptions=True)
        assert {type(result) for result in results} == {NotStored}
        assert await head(database) == 0  # reading goes on
    await watch.probe_once()
    assert await append(database) == 1


# Full


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_full_database_keeps_all_it_had_and_takes_nothing_by_halves(database, watch):
    await append(database, 3)
    limit = await pragma(database, "page_count")
    await set_pragma(database, f"max_page_count = {limit}")
    with pytest.raises(NotStored) as caught:
        await append_whole(database, "x" * MEGABYTE)
    assert caught.value.trouble is Trouble.FULL
    with pytest.raises(NotStored):
        await append(database)
    assert await head(database) == 3
    database.guard.is_watched = False
    await set_pragma(database, "max_page_count = 1073741823")
    database.guard.is_watched = True
    await watch.probe_once()
    assert await append_whole(database, "x" * MEGABYTE) == 4


# Read-only


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_what_was_opened_read_only_is_opened_anew(database, watch):
    """SQLite opens a file that it may not write for reading, and stays with that for ever."""
    await set_pragma(database, "query_only = 1")
    for write in (append(database), append_whole(database, "{}")):
        with pytest.raises(NotStored) as caught:
            await write
        assert caught.value.trouble is Trouble.READ_ONLY
    await watch.probe_once()
    assert database.guard.condition.word == "ok"
    assert [await append(database), await append_whole(database, "{}")] == [1, 2]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_server_that_turned_read_only_is_told_and_is_well_again(database, watch):
    """So is a standby, until it is promoted."""
    switch = "SET SESSION CHARACTERISTICS AS TRANSACTION READ"
    async with database.write() as connection:  # the pool has this one only
        await connection.execute(text(f"{switch} ONLY"))
    with pytest.raises(NotStored) as caught:
        await append(database)
    assert caught.value.trouble is Trouble.READ_ONLY
    await watch.probe_once()
    assert database.guard.condition.word == "ok"
    assert await append(database) == 1


# Away


async def test_a_file_or_a_server_that_is_not_there_is_away(tmp_path):
    (tmp_path / "chat.db").mkdir()
    for url in (f"sqlite:///{tmp_path / 'chat.db'}", "postgresql://chat@127.0.0.1:1/chat"):
        nowhere = open_database(url)
        with pytest.raises(NotStored) as caught:
            await append(nowhere)
        assert caught.value.trouble is Trouble.AWAY
        await nowhere.close()


# Probes and measures


async def test_a_probe_writes_something_new_each_time_and_takes_no_lease(database, watch):
    for expected in (1, 2):
        database.guard.failed(Trouble.LOCKED)
        await watch.probe_once()
        async with database.read() as connection:
            query = text("SELECT generation FROM leases WHERE name = 'storage'")
            assert (await connection.execute(query)).scalar_one() == expected
    async with database.write() as connection:
        assert await leases.acquire(connection, "runner", "a", now=BEGAN, seconds=9) == 1


async def test_two_nodes_may_find_out_at_the_same_moment(database, database_url, tmp_path):
    other = open_database(database_url)
    try:
        for one in (database, other):
            one.guard.failed(Trouble.AWAY)
        nodes = [Watch(one, folder=tmp_path, warn_mb=0) for one in (database, other)]
        await asyncio.gather(*(node.probe_once() for node in nodes))
        assert [one.guard.condition.word for one in (database, other)] == ["ok", "ok"]
    finally:
        await other.close()


async def test_all_is_well_without_a_single_probe(database, watch):
    await watch.probe_once()
    async with database.read() as connection:
        query = text("SELECT count(*) FROM leases")
        assert (await connection.execute(query)).scalar_one() == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("free_mb", "word"), [(501, "ok"), (500, "ok"), (499, "low"), (0, "low")])
async def test_little_space_is_told_before_there_is_none(database, tmp_path, free_mb, word):
    asked = []

    def measure(folder):
        asked.append(folder)
        return free_mb * MEGABYTE

    await Watch(database, folder=tmp_path / "x", warn_mb=500, measure=measure).measure_once()
    assert (asked, database.guard.condition.word) == ([tmp_path], word)
    database.guard.check()  # a warning stops nobody


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_disk_may_be_left_unmeasured_or_be_unmeasurable(database, tmp_path):
    def fail(folder):
        raise OSError("gone")

    for warn_mb, measure in ((0, lambda folder: 0), (500, fail)):
        await Watch(database, folder=tmp_path, warn_mb=warn_mb, measure=measure).measure_once()
        assert database.guard.condition.word == "ok"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_an_error_that_says_nothing_is_looked_into(database, tmp_path):
    """A quota, or a limit on the size of files: SQLite says "I/O error" and means a full disk."""
    watch = Watch(database, folder=tmp_path, warn_mb=0, measure=lambda folder: 0)
    database.guard.is_watched = True
    told = []
    database.guard.watch(lambda condition: told.append(condition.word))
    database.guard.failed(Trouble.FAILING)
    await watch.probe_once()
    assert told == ["failing", "full", "ok"]


async def test_the_watch_looks_by_itself(database, database_url, tmp_path):
    watch = Watch(database, folder=tmp_path, warn_mb=1 << 40)
    news = asyncio.Event()
    database.guard.watch(lambda condition: news.set())
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(watch.run())
        await until(news, lambda: database.guard.condition.word == "low")
        async with locked(database_url):
            with pytest.raises(Unavailable):
                await append(database)
            assert database.guard.is_watched
        await until(news, lambda: database.guard.condition.word == "low")
        running.cancel()
    assert not database.guard.is_watched


async def until(news, is_so):
    async with asyncio.timeout(20):
        while not is_so():
            news.clear()
            await news.wait()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_row_that_somebody_holds_is_no_trouble_of_the_database(
    database, database_url, watch
):
    """A frozen node may hold some rows. Who wants these has to come again, and nobody else."""
    async with database.write() as connection:
        await leases.hold_for_ever(connection, "row", "nobody")
    other = open_database(database_url)
    try:
        async with other.write() as holding:
            await leases.hold_for_ever(holding, "row", "somebody")
            with pytest.raises(Unavailable) as caught:
                async with database.write() as connection:
                    await leases.hold_for_ever(connection, "row", "us")
            assert caught.value.temporary
            assert database.guard.condition.word == "ok"
            assert await append(database) == 1
    finally:
        await other.close()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_process_that_got_no_time_does_not_call_the_database_away(
    database, database_url, watch
):
    """The server ended a transaction of ours that it had to wait for; nothing is wrong with it."""
    with pytest.raises(Unavailable) as caught:
        async with database.write() as connection:
            limit = "SET LOCAL idle_in_transaction_session_timeout = '50ms'"
            await connection.execute(text(limit))
            own = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            postgres.run_apart(until_gone(database_url, own))  # this loop stands still
            await connection.execute(text("SELECT 1"))
    assert (type(caught.value), database.guard.condition.word) == (Unavailable, "ok")
    assert await append(database) == 1


async def until_gone(url, session):
    other = await asyncpg.connect(url)
    question = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1"
    while await other.fetchval(question, session):
        pass  # each question is a way over the network: no busy loop
    await other.close()
