"""Hours that were written at one node hold for the visitors of all."""

from pathlib import Path

import pytest

from tests.support.inside import run_inside
from tests.support.opening import open_shop, told
from tests.support.redis import RedisServer
from tests.support.sockets import open_visitor


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_an_edit_at_one_node_reaches_visitors_of_the_other(
    tmp_path: Path, empty_url: str, redis_server: RedisServer
) -> None:
    """Also while Redis is away: hours come by the log."""
    shared = {"database_url": empty_url, "redis_url": redis_server.url, "secret_key": "k" * 40}
    async with (
        run_inside(tmp_path / "one", **shared, tail_seconds=0.05) as here,
        run_inside(tmp_path / "two", **shared, tail_seconds=0.05) as there,
        open_shop(here) as shop,
        open_visitor(there, shop.key) as vera,
    ):
        await shop.open_at(shop.noon(3))
        assert await told(vera) == ("offline", shop.noon(3))
        redis_server.kill()
        await shop.open_at(shop.noon(2))
        assert await told(vera) == ("offline", shop.noon(2))
