"""The real store, read from outside: heads while people wait, the whole log when all is over."""

from dataclasses import dataclass

from chatserver.conversation.facts import Fact
from chatserver.conversation.model import Conversation, Phase
from chatserver.conversation.transitions import fold
from chatserver.storage.database import open_database
from tests.prove.history import Event, as_stored
from tests.prove_long.pace import Pace
from tests.support.replay import stored_facts, stored_rows


@dataclass(frozen=True)
class Row:
    id: str
    seq: int
    visitor_seq: int
    revision: int
    is_open: bool


@dataclass(frozen=True)
class Heads:
    """`newest` is by visitor."""

    rows: dict[str, Row]
    newest: dict[str, Row]


@dataclass(frozen=True)
class Log:
    """`places`: log positions as the checks count them, which know of conversations alone. `wrong`
    are the rows that are not what their facts add up to."""

    events: list[Event]
    places: dict[int, int]
    wrong: list[str]


async def read_heads(url: str) -> Heads:
    database = open_database(url)
    try:
        states = await stored_rows(database)
    finally:
        await database.close()
    rows = {key: _row(state) for key, state in states.items()}
    by_age = sorted(states.values(), key=lambda state: state.opened_at)
    return Heads(rows, {state.visitor_id: rows[state.id] for state in by_age})


async def read_log(url: str, pace: Pace) -> "Log":
    """Everything, by position."""
    database = open_database(url)
    try:
        facts, rows = await stored_facts(database), await stored_rows(database)
    finally:
        await database.close()
    logs: dict[str, list[Fact]] = {}
    for fact in facts:
        logs.setdefault(fact.conversation_id, []).append(fact)
    wrong = [key for key, log in logs.items() if fold(log) != rows.get(key)]
    facts.sort(key=lambda fact: fact.position)
    places = {fact.position: place for place, fact in enumerate(facts, 1)}
    return Log([as_stored(pace.at(fact.at), fact) for fact in facts], places, wrong)


def _row(state: Conversation) -> Row:
    is_open = state.phase is not Phase.CLOSED
    return Row(state.id, state.seq, state.visitor_seq, state.revision, is_open)
