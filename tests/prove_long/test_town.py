"""The proof on real processes proves something: a small town is clean, and what somebody takes away
from its store, or changes there, is found."""

import sqlite3
from pathlib import Path

import pytest

from tests.prove_long.judge import judge
from tests.prove_long.plan import Plan
from tests.prove_long.town import Town, open_town

pytestmark = pytest.mark.slow

SMALL = Plan(visitors=4, agents=1, two_tabs=0.25, polling=0.25, visitor_pause=0.1, agent_pause=0.1)
ENOUGH = 60
# An acknowledged message in the middle of the log.
CHANGE = """
    UPDATE facts SET body = json_set(body, '$.text', 'x')
    WHERE position = (SELECT position FROM facts WHERE client_id IS NOT NULL
                      ORDER BY position LIMIT 1 OFFSET 9)
"""
TAKE_AWAY = """
    DELETE FROM facts
    WHERE position = (SELECT position FROM facts WHERE client_id IS NOT NULL
                      ORDER BY position LIMIT 1 OFFSET 9)
"""


async def test_a_town_is_clean_and_what_is_spoilt_in_it_is_found(tmp_path: Path) -> None:
    async with open_town(SMALL, 1, tmp_path) as town:
        while len(town.witness.acked_at) < ENOUGH:
            await town.breathe()
        assert await town.heal(), await town.missing()
        town.write_down_screens()
        town.close_history()
        assert town.tasks.failures == []
        assert await judged(town, tmp_path) == {}
        spoil(town, CHANGE)
        assert {"divergent", "phantom"} <= (await judged(town, tmp_path)).keys()
        spoil(town, TAKE_AWAY)
        assert {"lost", "gap"} <= (await judged(town, tmp_path)).keys()


async def judged(town: Town, folder: Path) -> dict[str, int]:
    anomalies, acked, _ = await judge(town, folder / "history.jsonl")
    assert acked == len(town.witness.acked_at)
    return dict(anomalies.counts)


def spoil(town: Town, statement: str) -> None:
    connection = sqlite3.connect(town.folder / "chat.db")
    with connection:
        assert connection.execute(statement).rowcount == 1
    connection.close()
