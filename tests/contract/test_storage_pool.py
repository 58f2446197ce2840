"""Connections to the database: how many there are, who waits for one, and for how long a question
may take."""

import asyncio

import pytest
from sqlalchemy import text

from chatserver.clock import SystemClock
from chatserver.config import BadSettings, load_settings
from chatserver.errors import Unavailable
from chatserver.storage import postgresql
from chatserver.storage.database import open_database
from chatserver.storage.postgresql import take_time


async def test_who_waits_for_a_connection_is_counted(database_url):
    database = open_database(database_url, SystemClock(), connections=2)
    pool, most = database.pool, database.pool.size
    readers = most - 1 if database.dialect == "sqlite" else most  # the writer's is no reader's
    try:
        held = [database.read() for _ in range(readers)]
        for one in held:
            await one.__aenter__()
        assert (pool.in_use, pool.waiting) == (readers, 0)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(ask(database))
            while not pool.waiting:  # noqa: ASYNC110 - its first turn
                await asyncio.sleep(0)
            for one in held:
                await one.__aexit__(None, None, None)
        assert (pool.in_use, pool.waiting) == (0, 0)
        assert sum(pool.seconds.counts) == readers + 1
    finally:
        await database.close()


async def ask(database):
    async with database.read() as connection:
        await connection.execute(text("SELECT 1"))


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_a_question_that_takes_too_long_is_ended_unless_it_may(database_url, monkeypatch):
    monkeypatch.setattr(postgresql, "STATEMENT_MS", 50)
    database = open_database(database_url)
    try:
        with pytest.raises(Unavailable):
            async with database.read() as connection:
                await connection.execute(text("SELECT pg_sleep(60)"))
        async with database.write() as connection:
            await take_time(connection)
            await connection.execute(text("SELECT pg_sleep(0.1)"))
    finally:
        await database.close()


@pytest.mark.parametrize("number", ["0", "1"])
def test_too_few_connections_are_refused(number):
    with pytest.raises(BadSettings, match="DATABASE_CONNECTIONS"):
        load_settings({"CHATSERVER_DATABASE_CONNECTIONS": number})
