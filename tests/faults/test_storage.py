"""The database cannot store: everybody is told the truth, nothing is lost or half done, and when it
is over everything goes on by itself, without a restart."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, nullcontext
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.flow import QUICK, stored_messages
from tests.support.running import Running, run_service
from tests.support.sockets import (
    Staff,
    Wire,
    dial,
    open_agent,
    open_chat,
    open_staff,
    open_visitor,
    site_key,
)
from tests.support.trouble import Trouble, full, locked, read_only, small_disk

pytestmark = pytest.mark.slow

ANN, WEI = "ann@teahouse.example", "wei@teahouse.example"
# What a look or a try costs at most that waits for a lock.
PATIENCE_SECONDS = 20
TROUBLES: dict[str, Trouble] = {"full": full, "read_only": read_only, "locked": locked}


@pytest.fixture(params=TROUBLES)
def word(request: pytest.FixtureRequest) -> str:
    word: str = request.param
    return word


@pytest.fixture
def service(word: str, tmp_path: Path) -> Iterator[Running]:
    folder = tmp_path / "disk"
    disk = small_disk(folder) if word == "full" else nullcontext(folder)
    with disk, run_service(folder, disk_warn_mb="0", **QUICK) as service:
        yield service


async def readiness(service: Running) -> tuple[int, dict[str, str]]:
    async with httpx2.AsyncClient(base_url=service.origin, trust_env=False) as client:
        answer = await client.get("/readyz")
    return answer.status_code, answer.json()["problems"]


async def say(wire: Wire, conversation: str, text: str) -> dict[str, Any]:
    client_id = text[:20].strip().replace(" ", "-")
    message = {"t": "send", "conversation": conversation, "client_id": client_id, "text": text}
    return await wire.ask(message)


async def say_until_stored(wire: Wire, conversation: str, text: str) -> None:
    """As our clients do: the same message again, after the time the server names."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "error" in (reply := await say(wire, conversation, text)):
            assert reply["error"]["temporary"]
            await asyncio.sleep(reply["error"]["retry_after"])


async def say_until_refused(wire: Wire, conversation: str) -> list[str]:
    """What fits into what is open already still goes; returns the words, the last one refused."""
    words: list[str] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            words.append(f"before {len(words)} " + "x" * 3000)
            reply = await say(wire, conversation, words[-1])
            if "error" in reply:
                error = reply["error"]
                assert (error["code"], error.get("temporary")) == ("unavailable", True), error
                assert 0 < error["retry_after"] <= 5
                return words


async def told_storage(wire: Wire) -> str:
    while (news := await wire.until("state"))["kind"] != "storage":
        pass
    told: str = news["storage"]
    return told


async def test_what_cannot_be_stored_waits_and_goes_out_by_itself(
    service: Running, word: str
) -> None:
    site = await site_key(service)
    async with (
        open_visitor(service, site) as vera,
        open_agent(service, ANN) as ann,
        AsyncExitStack() as evening,
    ):
        wei = await evening.enter_async_context(open_agent(service, WEI))
        conversation = await open_chat(vera)
        with TROUBLES[word](service.folder):
            words = await say_until_refused(vera, conversation)
            assert await told_storage(ann) in (word, "failing")
            assert "error" in await say(ann, conversation, "from ann")
            await until_ready_says(service, 503, {"storage": word})
            page = await vera.ask({"t": "history", "conversation": conversation})
            assert len(page["ok"]["facts"]) == len(words)  # reading goes on
            await wei.send({"t": "read", "conversation": conversation, "seq": len(words)})
            await evening.aclose()  # and Wei goes home
        await say_until_stored(vera, conversation, words[-1])
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await told_storage(ann) != "ok":
                pass
        await say_until_stored(ann, conversation, "from ann")
        await until_ready_says(service, 200, {})
    await until_read(service, site, vera.welcome["token"], len(words))
    service.stop()
    check_log(service)
    stored = [text for text, _ in await stored_messages(service)]
    assert [text for text in stored if text in {*words, "from ann"}] == [*words, "from ann"]


async def until_read(service: Running, site: str, token: str, seq: int) -> None:
    """The mark that an agent set meanwhile, and that no client sends again."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        read = 0
        while read < seq:
            async with open_visitor(service, site, token=token) as again:
                read = again.welcome["conversation"].get("agent_read", 0)


async def until_ready_says(service: Running, status: int, problems: dict[str, str]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await readiness(service) != (status, problems):
            pass


def check_log(service: Running) -> None:
    """A line when it began, perhaps one that knows more, and a line when it was over."""
    lines = service.log.splitlines()
    begun = [line for line in lines if "nothing can be stored" in line]
    assert 1 <= len(begun) <= 2, service.log
    assert sum("storing works again" in line for line in lines) == 1, service.log
    assert "Traceback" not in service.log
    assert len([line for line in lines if '"level"' in line or "[error" in line]) < 20


async def test_a_service_that_starts_on_a_full_disk_shows_what_it_has(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as folder, run_service(folder, **QUICK) as service:
        site = await site_key(service)
        async with open_visitor(service, site) as vera:
            token, conversation = vera.welcome["token"], await open_chat(vera)
            await say(vera, conversation, "Before the night")
        async with open_staff(service, ANN) as staff:
            with full(folder):
                service.kill()
                service.command = "serve"  # the demo would want to furnish its shop
                service.start()
                await look_around(service, staff, site, token)
        async with open_visitor(service, site, token=token) as vera:
            await say_until_stored(vera, conversation, "The morning after")


async def look_around(service: Running, staff: Staff, site: str, token: str) -> None:
    """Who was there before comes in again, reads, and is told."""
    async with open_visitor(service, site, token=token) as vera, dial(service, "/ws/agent") as ann:
        await ann.send({"t": "hello", "v": 1, "ticket": await staff.ticket(), "tab": "t"})
        welcome = await ann.until("welcome")
        conversation = vera.welcome["conversation"]["id"]
        page = await vera.ask({"t": "history", "conversation": conversation})
        assert page["ok"]["facts"][-1]["text"] == "Before the night"
        await say_until_refused(vera, conversation)
        assert welcome.get("storage") == "full" or await told_storage(ann) == "full"


async def test_a_full_disk_is_foreseen(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as folder, run_service(folder, **QUICK) as service:
        async with open_agent(service, ANN) as ann:
            await until_ready_says(service, 200, {"storage": "low"})
            if ann.welcome.get("storage") != "low":
                assert await told_storage(ann) == "low"
    assert sum("little disk space left" in line for line in service.log.splitlines()) == 1
