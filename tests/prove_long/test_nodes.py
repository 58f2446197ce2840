"""Two nodes on servers of their own: whatever befalls PostgreSQL or Redis, nothing is lost, and the
whole of it is over by itself."""

from pathlib import Path

import pytest

from tests.prove_long.judge import judge
from tests.prove_long.plan import Plan
from tests.prove_long.server_faults import OF_POSTGRES, OF_REDIS, ServerFaults
from tests.prove_long.town import open_town
from tests.support.machine import require

pytestmark = pytest.mark.slow

SMALL = Plan(
    nodes=2, visitors=4, agents=2, two_tabs=0.25, polling=0.25, visitor_pause=0.4, agent_pause=0.4
)


@pytest.mark.parametrize("fates", [OF_POSTGRES, OF_REDIS], ids=["PostgreSQL", "Redis"])
async def test_a_town_outlives_its_servers(
    tmp_path: Path, fates: tuple[str, ...], postgres_server: object, redis_url: str
) -> None:
    """`postgres_server` and `redis_url` say where there is nothing to break."""
    require("nginx")
    async with open_town(SMALL, 1, tmp_path) as town:
        faults = ServerFaults(town)
        for fate in fates:
            assert await faults.play(fate)
        assert await town.heal(), await town.missing()
        town.write_down_screens()
        town.close_history()
        assert town.tasks.failures == []
        anomalies, acked, _ = await judge(town, tmp_path / "history.jsonl")
    assert dict(anomalies.counts) == {}, anomalies.examples
    assert acked > 50
