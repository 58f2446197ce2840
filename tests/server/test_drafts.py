"""What a visitor writes before it is sent: to the agents who look at the thread, where the site's
owner wants it, and nowhere else."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.inside import Inside, run_inside
from tests.support.sockets import Wire, open_agent, open_chat, open_staff, open_visitor, site_key

pytestmark = pytest.mark.asyncio(loop_scope="module")

OWNER = "olivia@teahouse.example"
ANN = "ann@teahouse.example"
CANARY = "kingfisher-4711"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    async with run_inside(tmp_path_factory.mktemp("demo"), log_level="debug") as inside:
        yield inside


async def share(house: Inside, *, on: bool) -> None:
    """What the switch on the site's page does."""
    key = await site_key(house)
    async with open_staff(house, OWNER) as owner:
        (site,) = [s for s in (await owner.get("/api/sites"))["items"] if s["key"] == key]
        changed = await owner.patch(f"/api/sites/{site['id']}", {"drafts": on})
        assert changed["drafts"] is on


@asynccontextmanager
async def watched(house: Inside) -> AsyncIterator[tuple[Wire, Wire, str]]:
    """A visitor's chat that an agent has open, with all facts of it there."""
    async with open_visitor(house, await site_key(house)) as vera, open_agent(house, ANN) as ann:
        chat = await open_chat(vera)
        assert "ok" in await ann.ask({"t": "thread", "conversation": chat})
        await ann.until("facts")
        yield vera, ann, chat


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_it_is_off_until_the_owner_wants_it_and_the_visitor_is_told(house: Inside) -> None:
    async with watched(house) as (vera, ann, chat):
        assert "drafts" not in vera.welcome
        await vera.send({"t": "typing", "conversation": chat, "on": True, "draft": CANARY})
        assert "draft" not in await ann.until("signal")
        await share(house, on=True)
        told = await vera.until("state")
        while told["kind"] != "drafts":
            told = await vera.until("state")
        assert told["drafts"] is True
        await share(house, on=False)


async def test_agents_see_it_live_and_it_is_nowhere_else(
    house: Inside, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await share(house, on=True)
    async with watched(house) as (vera, ann, chat):
        assert vera.welcome["drafts"] is True
        await vera.send({"t": "typing", "conversation": chat, "on": True, "draft": CANARY})
        assert (await ann.until("signal"))["draft"] == CANARY
        async with open_visitor(
            house, await site_key(house), token=vera.welcome["token"]
        ) as second:
            page = await second.ask({"t": "history", "conversation": chat})
            assert CANARY not in str(page)
    assert CANARY.encode() not in everything_in(Path(house.app.settings.data_dir))
    own = [str(vars(line)) for line in caplog.records if line.name.startswith("chatserver")]
    assert CANARY not in "".join(own)  # of libraries we print warnings alone: telemetry.py
    await share(house, on=False)
