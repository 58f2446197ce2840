"""What a statement reads does not grow with what lies beside it, also in a table that is too new
to have statistics."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from chatserver.conversation import fact_store
from chatserver.storage import log
from chatserver.storage.database import open_database
from chatserver.storage.log import Entry

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MANY = 3_000
READ = text(
    "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)"
    " FROM pg_stat_xact_user_tables WHERE relname = 'facts'"
)


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_repeat_is_recognised_without_reading_the_workspace(database_url):
    database = open_database(database_url)
    words = [
        Entry(
            "acme", "tested", "visitor", AT, "{}",
            conversation_id=f"c{n % 300}", seq=n, author_id=f"v{n % 300}", client_id=f"m{n}",
        )
        for n in range(1, MANY)
    ]  # fmt: skip
    try:
        async with database.write() as connection:
            await log.append(connection, words)
        async with database.read() as connection:
            keys = {(f"c{n}", f"v{n}", "new", f"v{n}") for n in range(5)}
            assert await fact_store.sent_before(connection, {"acme"}, keys) == {}
            assert (await connection.execute(READ)).scalar_one() < 50
    finally:
        await database.close()
