"""What visitors are told of who is there: the hours of their site count as much as its people."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from tests.support.inside import Inside, run_inside
from tests.support.sockets import Staff, Wire, open_agent, open_staff, open_visitor, site_key

pytestmark = pytest.mark.asyncio(loop_scope="module")

OWNER = "olivia@teahouse.example"
ANN = "ann@teahouse.example"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    async with run_inside(tmp_path_factory.mktemp("demo")) as inside:
        yield inside


async def open_between(house: Inside, owner: Staff, first: datetime, last: datetime) -> None:
    """The site's only hours."""
    key = await site_key(house)
    (site,) = [s for s in (await owner.get("/api/sites"))["items"] if s["key"] == key]
    path = f"/api/sites/{site['id']}/hours"
    version = (await owner.get(path))["version"]
    hours = [[f"{first:%H:%M}", f"{last:%H:%M}"]]
    day = {"date": f"{first:%Y-%m-%d}", "hours": hours, "name": ""}
    plan = {"zone": "UTC", "always": False, "week": [[]] * 7, "holidays": [], "workdays": [day]}
    await owner.put(path, plan | {"version": version})


async def told(wire: Wire) -> str:
    while (frame := await wire.until("state"))["kind"] != "availability":
        pass
    availability: str = frame["availability"]
    return availability


async def test_an_open_site_has_who_is_online(house: Inside) -> None:
    async with open_visitor(house, await site_key(house)) as vera:
        assert vera.welcome["availability"] == "offline"
        async with open_agent(house, ANN):
            assert await told(vera) == "online"


def turn_to(house: Inside, moment: datetime) -> None:
    house.clock.advance((moment - house.clock.now()).total_seconds())


async def test_a_closed_site_has_nobody_however_many_agents_are_online(house: Inside) -> None:
    site, soon = await site_key(house), timedelta(seconds=10)
    opens = house.clock.now().replace(second=0, microsecond=0) + timedelta(minutes=2)
    closes = opens + timedelta(hours=1)
    async with open_staff(house, OWNER) as owner:
        await open_between(house, owner, opens, closes)
    turn_to(house, opens - soon)
    async with open_agent(house, ANN), open_visitor(house, site) as vera:
        assert vera.welcome["availability"] == "offline"
        turn_to(house, opens)
        assert await told(vera) == "online"
    turn_to(house, closes - soon)
    async with open_agent(house, ANN), open_visitor(house, site) as vera:
        assert vera.welcome["availability"] == "online"
        turn_to(house, closes)
        assert await told(vera) == "offline"
