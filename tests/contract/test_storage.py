"""What every engine promises: snapshots, transactions, the log, timers, leases and cursors."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from chatserver.errors import Gone, Unavailable
from chatserver.storage import leases, log, timers
from chatserver.storage.database import open_database
from chatserver.storage.log import Entry
from chatserver.storage.schema import workspaces
from chatserver.storage.timers import Timer

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def entry(kind="tested", **more):
    return Entry("acme", kind, "system", AT, "{}", **more)


async def append(database, *entries):
    async with database.write() as connection:
        return await log.append(connection, list(entries or [entry()]))


async def head(database):
    async with database.read() as connection:
        return (await log.head(connection)).position


# Transactions


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


# The log


async def test_positions_follow_each_other_and_are_told(database):
    assert await append(database, entry("one"), entry("two")) == 1
    assert await append(database, entry("three")) == 3
    async with database.read() as connection:
        found = await log.after(connection, 1, 10)
        assert (await log.head(connection)).position == 3
    assert [(one.position, one.kind) for one in found] == [(2, "two"), (3, "three")]


async def test_a_number_is_not_used_twice_even_after_a_deletion(database):
    await append(database, entry(), entry())
    async with database.write() as connection:
        await connection.execute(text("DELETE FROM facts WHERE position = 2"))
    assert await append(database) == 3


async def test_a_transaction_that_failed_leaves_no_hole(database):
    with pytest.raises(RuntimeError):
        async with database.write() as connection:
            await log.append(connection, [entry()])
            raise RuntimeError
    assert await append(database) == 1


async def test_reading_is_limited(database):
    await append(database, *[entry() for _ in range(10)])
    async with database.read() as connection:
        assert [one.position for one in await log.after(connection, 3, 4)] == [4, 5, 6, 7]


async def test_the_epoch_names_the_life_of_a_database(database):
    async with database.read() as connection:
        first = (await log.head(connection)).epoch
    await append(database)
    async with database.read() as connection:
        assert (await log.head(connection)).epoch == first
    assert len(first) >= 16


@pytest.mark.parametrize(
    "twin",
    [{"seq": 1}, {"visitor_seq": 1}, {"author_id": "vera", "client_id": "m"}, {"cause": "x:1"}],
)
async def test_what_must_be_unique_in_a_conversation_is(database, twin):
    await append(database, entry(conversation_id="c", **twin))
    await append(database, entry(conversation_id="d", **twin))
    with pytest.raises(IntegrityError):
        await append(database, entry(conversation_id="c", **twin))
    async with database.write() as connection:  # these are no conversations: leave none behind
        await connection.execute(text("DELETE FROM facts"))


# Timers


def timer(key="c-1", *, minutes=5, name="t-1"):
    return Timer(name, "acme", "idle", key, AT + timedelta(minutes=minutes), '{"seq":1}')


async def due(database, minutes):
    async with database.read() as connection:
        return await timers.due(connection, AT + timedelta(minutes=minutes), 10, ["idle"])


async def schedule(database, *wanted):
    async with database.write() as connection:
        for one in wanted:
            await timers.schedule(connection, one)


async def test_a_timer_is_due_at_its_time_and_not_before(database):
    await schedule(database, timer())
    assert await due(database, 4.9) == []
    assert await due(database, 5) == [timer()]


async def test_the_oldest_timers_come_first(database):
    await schedule(database, timer("b", minutes=3, name="2"), timer("a", minutes=1, name="1"))
    assert [one.key for one in await due(database, 9)] == ["a", "b"]


async def test_a_timer_of_the_same_key_replaces_the_earlier_one(database):
    await schedule(database, timer(), timer(minutes=9, name="t-2"))
    assert await due(database, 8) == []
    assert [one.id for one in await due(database, 9)] == ["t-2"]


async def test_a_timer_is_done_once(database):
    await schedule(database, timer())
    async with database.write() as connection:
        assert await timers.done(connection, timer())
        assert not await timers.done(connection, timer())
    assert await due(database, 9) == []


async def test_a_timer_that_was_moved_meanwhile_is_not_done(database):
    await schedule(database, timer())
    (old,) = await due(database, 5)
    async with database.write() as connection:
        await timers.postpone(connection, old, AT + timedelta(minutes=7))
        assert not await timers.done(connection, old)
    (moved,) = await due(database, 7)
    assert moved == replace(old, due_at=AT + timedelta(minutes=7), attempts=1)


async def test_a_cancelled_timer_never_rings(database):
    await schedule(database, timer())
    async with database.write() as connection:
        await timers.cancel(connection, "idle", "c-1")
    assert await due(database, 99) == []


async def test_a_timer_of_a_failed_transaction_was_never_set(database):
    with pytest.raises(RuntimeError):
        async with database.write() as connection:
            await timers.schedule(connection, timer())
            raise RuntimeError
    assert await due(database, 99) == []


# Leases and cursors


async def acquire(database, holder, *, seconds=0.0):
    async with database.write() as connection:
        now = AT + timedelta(seconds=seconds)
        return await leases.acquire(connection, "runner", holder, now=now, seconds=9)


async def test_a_lease_has_one_holder_until_it_runs_out(database):
    assert await acquire(database, "a") == 1
    assert await acquire(database, "b", seconds=8.9) is None
    assert await acquire(database, "b", seconds=9) == 2
    assert await acquire(database, "a", seconds=10) is None


async def test_a_holder_that_renews_keeps_its_generation(database):
    assert [await acquire(database, "a", seconds=at) for at in (0, 5, 10, 15)] == [1, 1, 1, 1]
    assert await acquire(database, "b", seconds=20) is None


async def test_a_released_lease_can_be_taken_at_once(database):
    await acquire(database, "a")
    async with database.write() as connection:
        await leases.release(connection, "runner", "a", AT)
    assert await acquire(database, "b") == 2


async def test_nobody_releases_the_lease_of_another(database):
    await acquire(database, "a")
    async with database.write() as connection:
        await leases.release(connection, "runner", "b", AT)
    assert await acquire(database, "b") is None


async def test_two_that_ask_for_the_first_lease_at_once_get_one(database):
    got = await asyncio.gather(acquire(database, "a"), acquire(database, "b"))
    assert sorted(got, key=str) == [1, None]


async def test_a_holder_that_was_replaced_is_refused(database):
    await acquire(database, "a")
    await acquire(database, "b", seconds=60)
    with pytest.raises(Gone):
        async with database.write() as connection:
            await leases.check(connection, "runner", 1)
            await log.append(connection, [entry()])
    assert await head(database) == 0


async def test_a_cursor_starts_unknown_and_moves_on(database):
    for position in (None, 5, 9):
        async with database.write() as connection:
            assert await leases.cursor(connection, "idle") == (position if position != 9 else 5)
            await leases.advance(connection, "idle", position or 5, 1)
    async with database.read() as connection:
        assert await leases.cursor(connection, "idle") == 9
        assert await leases.cursor(connection, "other") is None


async def test_a_replaced_holder_cannot_move_a_cursor_back(database):
    async with database.write() as connection:
        await leases.advance(connection, "idle", 9, 2)
    with pytest.raises(IntegrityError):
        async with database.write() as connection:
            await leases.advance(connection, "idle", 5, 1)
