"""New files meet an old process: a rolling deploy, seen by a client that is ahead of its server."""

from collections.abc import Iterator

import pytest

from chatserver.protocol.shared import VERSION
from tests.support.running import Running, run_service
from tests.support.sockets import dial, frame_boot, open_staff, site_key


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with run_service(tmp_path_factory.mktemp("skew")) as running:
        yield running


async def test_a_newer_visitor_is_understood_as_far_as_we_go(service: Running) -> None:
    site = await site_key(service)
    ticket = (await frame_boot(service, site))["ticket"]
    hello = {"t": "hello", "v": VERSION + 2, "site": site, "ticket": ticket, "tab": "t"}
    async with dial(service, "/ws/visitor") as wire:
        await wire.send(hello | {"mood": {"a": 1}})
        assert (await wire.until("welcome"))["v"] == VERSION
        for _ in range(30):  # more than the errors after which anybody is hung up
            await wire.send({"t": "wave", "at": "ann"})
        opened = await wire.ask({"t": "open", "client_id": "c1", "topic": "tea"})
        assert opened["ok"]["seq"] == 1


async def test_a_newer_agent_is_understood_as_far_as_we_go(service: Running) -> None:
    async with (
        open_staff(service, "ann@teahouse.example") as staff,
        dial(service, "/ws/agent") as wire,
    ):
        ticket = await staff.ticket()
        hello = {"t": "hello", "v": VERSION + 1, "ticket": ticket, "tab": "t", "screen": "wide"}
        await wire.send(hello)
        assert (await wire.until("welcome"))["v"] == VERSION
        assert "ok" in await wire.ask({"t": "status", "status": "away", "until": "noon"})


async def test_a_client_of_our_own_version_must_not_invent_words(service: Running) -> None:
    site = await site_key(service)
    ticket = (await frame_boot(service, site))["ticket"]
    async with dial(service, "/ws/visitor") as wire:
        await wire.send(
            {"t": "hello", "v": VERSION, "site": site, "ticket": ticket, "tab": "t", "mood": "good"}
        )
        assert await wire.close_code() == 4500
