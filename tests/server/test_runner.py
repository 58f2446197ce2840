"""The runner: every fact reaches every slice once, whatever fails."""

import asyncio

import pytest

from chatserver.errors import Gone, Unavailable
from chatserver.runner import CHUNK, LEASE_SECONDS, MAX_ATTEMPTS
from chatserver.storage import log
from tests.support.counted import cursor, effects, letters, notice, work

# Facts


async def test_every_slice_gets_every_fact_of_its_kinds_once(database, clock, start, echo, other):
    await notice(database, clock, 3)
    await work(start(echo, other))
    wanted = {f"{name}:{position}" for name in ("echo", "other") for position in (1, 2, 3)}
    assert await effects(database) == dict.fromkeys(wanted, 1)


async def test_more_facts_than_one_transaction_takes_are_all_read(database, clock, start, echo):
    await notice(database, clock, 2 * CHUNK + 1)
    runner = start(echo)
    await work(runner)
    assert len(await effects(database)) == 2 * CHUNK + 1
    assert runner.lag == 0


async def test_a_reactor_run_twice_changes_nothing(database, clock, start, echo):
    """A new process goes on where the last one stopped: cursor and effects are one commit."""
    await notice(database, clock, 2)
    await work(start(echo))
    first = await effects(database)
    clock.advance(LEASE_SECONDS)
    await work(start(echo))
    assert await effects(database) == first


async def test_a_process_that_dies_in_the_middle_leaves_no_half_done_work(
    database, clock, start, echo
):
    await notice(database, clock, 2)
    echo.poison[2] = asyncio.CancelledError
    with pytest.raises(asyncio.CancelledError):
        await work(start(echo))
    assert (await effects(database), await cursor(database)) == ({}, None)
    echo.poison.clear()
    clock.advance(LEASE_SECONDS)
    await work(start(echo))
    assert await effects(database) == {"echo:1": 1, "echo:2": 1}


async def test_facts_a_slice_does_not_want_move_its_cursor_too(database, clock, start, echo):
    async with database.write() as connection:
        await log.append(connection, [echo.entry("unheard-of", "x")] * 5)
    await work(start(echo))
    assert await cursor(database) == 5


# Failures


async def test_what_fails_once_is_done_at_the_next_try(database, clock, start, echo):
    await notice(database, clock, 3)
    echo.poison[2] = RuntimeError
    runner = start(echo)
    await work(runner)
    assert await effects(database) == {"echo:1": 1}
    echo.poison.clear()
    await work(runner)
    assert await effects(database) == {"echo:1": 1}, "it waits before it tries again"
    clock.advance(1)
    await work(runner)
    assert await effects(database) == {"echo:1": 1, "echo:2": 1, "echo:3": 1}
    assert await letters(database) == []


async def test_what_keeps_failing_becomes_a_dead_letter_and_the_rest_goes_on(
    database, clock, start, echo
):
    await notice(database, clock, 3)
    echo.poison[2] = RuntimeError
    runner = start(echo)
    for tries in range(1, MAX_ATTEMPTS + 1):
        assert await letters(database) == []
        await work(runner)
        clock.advance(2 ** (tries - 1))
    assert await letters(database) == [("echo", 2, "RuntimeError")]
    await work(runner)
    assert await effects(database) == {"echo:1": 1, "echo:3": 1}


async def test_what_is_only_temporary_is_never_given_up(database, clock, start, echo):
    await notice(database, clock)
    echo.poison[1] = Unavailable
    runner = start(echo)
    for _ in range(2 + MAX_ATTEMPTS):
        await work(runner)
        clock.advance(60)
    assert await letters(database) == []
    echo.poison.clear()
    await work(runner)
    assert await effects(database) == {"echo:1": 1}


@pytest.mark.parametrize("error", [RuntimeError, Gone, Unavailable])
async def test_a_slice_that_fails_never_blocks_another(database, clock, start, echo, other, error):
    """Whatever it raises, also what the runner itself uses."""
    await notice(database, clock, 3)
    echo.poison[1] = error
    runner = start(echo, other)
    await work(runner)
    clock.advance(2)
    await work(runner)
    done = await effects(database)
    assert {name for name in done if name.startswith("other")} == {"other:1", "other:2", "other:3"}
    assert not any(name.startswith("echo") for name in done)


async def test_a_failing_slice_is_seen_as_lag(database, clock, start, echo, other):
    await notice(database, clock, 3)
    echo.poison[1] = RuntimeError
    runner = start(echo, other)
    await work(runner)
    assert runner.lag >= 3
