"""What every engine promises of the log: positions without holes, one epoch."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from chatserver.storage import log
from tests.support.entries import append, entry


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
