"""The promise that a conversation's row is what its facts add up to, over a whole database."""

from itertools import groupby

from sqlalchemy import select

from chatserver.conversation import store
from chatserver.conversation.entries import from_entry
from chatserver.conversation.facts import Fact
from chatserver.conversation.model import Conversation
from chatserver.conversation.transitions import fold
from chatserver.storage import log
from chatserver.storage.database import Database
from chatserver.storage.schema import facts
from tests.support.tenancy import EXEMPT


async def stored_facts(database: Database) -> list[Fact]:
    """All facts of all conversations, each conversation's in its order."""
    query = (
        select(*log.COLUMNS)
        .where(facts.c.conversation_id.is_not(None))
        .order_by(facts.c.conversation_id, facts.c.seq)
    )
    async with database.read() as connection:
        rows = await connection.execute(query, execution_options={EXEMPT: True})
        return [from_entry(log.Entry(*row)) for row in rows]


async def stored_rows(database: Database) -> dict[str, Conversation]:
    async with database.read() as connection:
        rows = await connection.execute(select(*store.COLUMNS), execution_options={EXEMPT: True})
        states = [store._row(row) for row in rows]
    return {state.id: state for state in states}


async def check_rows_equal_replay(database: Database) -> None:
    """Row equals replay; both numberings count from 1 without a hole; positions rise with seq."""
    rows = await stored_rows(database)
    logs = {
        key: list(group)
        for key, group in groupby(await stored_facts(database), lambda f: f.conversation_id)
    }
    assert logs.keys() == rows.keys()
    for key, history in logs.items():
        assert fold(history) == rows[key]
        assert [fact.seq for fact in history] == list(range(1, len(history) + 1))
        seen = [fact.visitor_seq for fact in history if fact.visitor_seq is not None]
        assert seen == list(range(1, len(seen) + 1))
        positions = [fact.position for fact in history]
        assert positions == sorted(set(positions))
