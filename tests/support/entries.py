"""Entries of the log that say nothing, written at one moment."""

from datetime import UTC, datetime

from chatserver.storage import log
from chatserver.storage.log import Entry

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def entry(kind="tested", **more):
    return Entry("acme", kind, "system", AT, "{}", **more)


async def append(database, *entries):
    async with database.write() as connection:
        return await log.append(connection, list(entries or [entry()]))


async def head(database):
    async with database.read() as connection:
        return (await log.head(connection)).position
