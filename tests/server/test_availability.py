"""What visitors are told of who is there: the hours of their site count as much as its people, as
they are now, also for who is connected."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from tests.support.inside import Inside, run_inside
from tests.support.opening import ALWAYS, CLOSED, HALF_AN_HOUR, OWNER, Shop, open_shop, said, told
from tests.support.sockets import open_agent, open_visitor, site_key

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANN = "ann@teahouse.example"
# Less than a connection may be silent.
SOON = timedelta(seconds=9)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    async with run_inside(tmp_path_factory.mktemp("demo"), tail_seconds=0.05) as inside:
        yield inside


@pytest_asyncio.fixture(loop_scope="module")
async def shop(house: Inside) -> AsyncIterator[Shop]:
    async with open_shop(house) as shop:
        yield shop


def turn_to(house: Inside, moment: datetime) -> None:
    house.clock.advance((moment - house.clock.now()).total_seconds())


async def until_read(house: Inside, shop: Shop) -> None:
    """The service has met every edit so far."""
    async with open_visitor(house, shop.key) as vera:
        await shop.open_at(shop.noon(5))
        assert await told(vera) == ("offline", shop.noon(5))


async def test_an_open_site_has_who_is_online(house: Inside) -> None:
    async with open_visitor(house, await site_key(house)) as vera:
        assert said(vera.welcome) == ("offline", None)
        async with open_agent(house, ANN):
            assert await told(vera) == ("online", None)


async def test_a_closed_site_has_nobody_and_says_when_it_opens(house: Inside, shop: Shop) -> None:
    first, second = shop.noon(1), shop.noon(2)
    await shop.open_at(first, second)
    turn_to(house, first - SOON)
    async with open_agent(house, ANN), open_visitor(house, shop.key) as vera:
        assert said(vera.welcome) == ("offline", first)
        turn_to(house, first)
        assert await told(vera) == ("online", None)
    turn_to(house, first + HALF_AN_HOUR - SOON)
    async with open_agent(house, ANN), open_visitor(house, shop.key) as vera:
        assert said(vera.welcome) == ("online", None)
        turn_to(house, first + HALF_AN_HOUR)
        assert await told(vera) == ("offline", second)


async def test_an_opening_is_told_where_nobody_is_at_work(house: Inside, shop: Shop) -> None:
    opens = shop.noon(1)
    await shop.open_at(opens)
    turn_to(house, opens - SOON)
    async with open_agent(house, ANN) as ann, open_visitor(house, shop.key) as vera:
        await ann.ask({"t": "status", "status": "away"})
        assert said(vera.welcome) == ("offline", opens)
        turn_to(house, opens)
        assert await told(vera) == ("offline", None)
        await ann.ask({"t": "status", "status": "online"})
        assert await told(vera) == ("online", None)


async def test_an_edit_reaches_who_is_connected(house: Inside, shop: Shop) -> None:
    async with open_agent(house, ANN), open_visitor(house, shop.key) as vera:
        assert said(vera.welcome) == ("online", None)
        for days in (3, 2):
            await shop.open_at(shop.noon(days))
            assert await told(vera) == ("offline", shop.noon(days))
        await shop.set(CLOSED)
        assert await told(vera) == ("offline", None)
        await shop.set(ALWAYS)
        assert await told(vera) == ("online", None)


async def test_what_changes_nothing_for_a_visitor_is_not_told(house: Inside, shop: Shop) -> None:
    """The same hours again, others that say the same for now, those of another site, and a second
    agent beside the first."""
    coffee = await shop.another()
    async with (
        open_agent(house, ANN),
        open_visitor(house, shop.key) as vera,
        open_visitor(house, coffee.key) as carl,
    ):
        await shop.set(ALWAYS)
        await shop.set(ALWAYS | {"zone": "Asia/Shanghai"})
        async with open_agent(house, OWNER):
            await coffee.open_at(coffee.noon(1))
            assert await told(carl) == ("offline", coffee.noon(1))
            await shop.open_at(shop.noon(2))
            assert await told(vera) == ("offline", shop.noon(2))


async def test_an_edit_is_read_once_however_many_visitors_are_there(
    house: Inside, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until_read(house, shop)
    doorplate, readings = house.app.parts.realtime.doorplate, []
    find = doorplate.find

    async def counted(connection: Any, workspace: str, site: str) -> Any:
        readings.append(site)
        return await find(connection, workspace, site)

    async with AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(open_visitor(house, shop.key)) for _ in "1234"]
        monkeypatch.setattr(doorplate, "find", counted)
        await shop.open_at(shop.noon(3))
        for visitor in visitors:
            assert await told(visitor) == ("offline", shop.noon(3))
        assert len(readings) == 1


async def test_an_edit_while_somebody_arrives_is_in_their_welcome(
    house: Inside, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their desk has read the old hours, and is told of the new ones before it speaks."""
    await until_read(house, shop)
    doorplate, heeds = house.app.parts.realtime.doorplate, house.app.parts.tail.heeds
    find, heed = doorplate.find, heeds["hours.changed"]
    loop, heard = asyncio.get_running_loop(), asyncio.Event()

    async def edit() -> None:
        await shop.open_at(shop.noon(3))
        await heard.wait()

    async def find_late(connection: Any, workspace: str, site: str) -> Any:
        monkeypatch.setattr(doorplate, "find", find)
        before = await find(connection, workspace, site)
        # In a reader's thread, which may wait for the loop.
        asyncio.run_coroutine_threadsafe(edit(), loop).result(30)
        return before

    async def hear(entry: Any) -> None:
        await heed(entry)
        heard.set()

    monkeypatch.setattr(doorplate, "find", find_late)
    monkeypatch.setitem(heeds, "hours.changed", hear)
    async with open_visitor(house, shop.key) as vera:
        assert said(vera.welcome) == ("offline", shop.noon(3))
