"""Every close code, seen by a client over a real socket. What clients make of them is tested in
`widget/tests/connection.test.ts`."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing

import httpx2
import pytest
import pytest_asyncio

from chatserver.errors import Unavailable
from chatserver.protocol.codes import CloseCode
from tests.support.inside import Inside, doomed, run_inside, until
from tests.support.sockets import (
    Frame,
    Wire,
    dial,
    frame_boot,
    open_agent,
    open_chat,
    open_staff,
    open_visitor,
    site_key,
)

# No feature sends them yet: banning a visitor, and erasing one, are to close with these.
RESERVED = {CloseCode.BANNED, CloseCode.ERASED}
RUINOUS = {
    CloseCode.INTERNAL,
    CloseCode.RESTART,
    CloseCode.TRY_LATER,
    CloseCode.DRAIN,
    CloseCode.RESYNC,
}
OWNER = "olivia@teahouse.example"
ANN = "ann@teahouse.example"
DAYS = 24 * 3600
HOURS = 3600

pytestmark = pytest.mark.asyncio(loop_scope="module")

Reach = Callable[[Inside, str], Awaitable[int]]
reached: dict[CloseCode, Reach] = {}


def reaches(code: CloseCode) -> Callable[[Reach], Reach]:
    """Says which code the scene below ends with."""

    def note(scene: Reach) -> Reach:
        reached[code] = scene
        return scene

    return note


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    async with run_inside(tmp_path_factory.mktemp("demo")) as inside:
        yield inside


@pytest.mark.parametrize("code", sorted(set(CloseCode) - RESERVED), ids=lambda code: code.name)
async def test_a_client_sees_why_it_was_closed(house: Inside, code: CloseCode) -> None:
    if code not in RUINOUS:
        assert await reached[code](house, await site_key(house)) == code
        return
    async with doomed(house) as ruin:
        assert await reached[code](ruin, await site_key(ruin)) == code


def break_database(house: Inside, statement: str) -> None:
    """What an operator or a disk may do to it."""
    name = house.app.settings.database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(name, timeout=30, isolation_level=None)) as file:
        # A lock from the start is waited for; one that reading grows into is refused at once.
        file.execute("BEGIN IMMEDIATE")
        file.execute(statement)
        file.execute("COMMIT")


@reaches(CloseCode.DONE)
async def bye(house: Inside, site: str) -> int:
    async with open_visitor(house, site) as vera:
        await vera.send({"t": "bye"})
        return await vera.close_code()


@reaches(CloseCode.TOO_BIG)
async def a_large_frame(house: Inside, site: str) -> int:
    async with open_visitor(house, site) as vera:
        await vera.send({"t": "page", "url": "x" * 17_000})
        return await vera.close_code()


@reaches(CloseCode.INTERNAL)
async def a_fault_of_ours(house: Inside, site: str) -> int:
    break_database(house, "ALTER TABLE visitor_tokens RENAME TO lost")
    async with greeting(house, site) as vera:
        return await vera.close_code()


@reaches(CloseCode.RESTART)
async def a_stop_without_draining(house: Inside, site: str) -> int:
    async with open_visitor(house, site) as vera:
        house.server.should_exit = True
        return await vera.close_code()


@reaches(CloseCode.TRY_LATER)
async def a_store_that_cannot_be_read(house: Inside, site: str) -> int:
    async with open_visitor(house, site) as vera:
        await vera.ask({"t": "history", "conversation": "none"})
        house.app.parts.database.read = unreadable  # type: ignore[method-assign]
        await vera.send({"t": "open", "id": 1, "client_id": "o"})
        return await vera.close_code()


@asynccontextmanager
async def unreadable() -> AsyncIterator[None]:
    raise Unavailable
    yield


@reaches(CloseCode.DRAIN)
async def a_gentle_stop(house: Inside, site: str) -> int:
    async with open_visitor(house, site) as vera:
        await house.app.parts.draining.run()
        assert (await vera.until("drain"))["reconnect_in_ms"] >= 0
        return await vera.close_code()


@reaches(CloseCode.TOKEN_EXPIRED)
async def a_token_that_ended(house: Inside, site: str) -> int:
    async with open_visitor(house, site) as vera:
        house.turn(30 * DAYS)
        return await vera.close_code()


@reaches(CloseCode.RESYNC)
async def a_database_that_was_restored(house: Inside, site: str) -> int:
    async with open_visitor(house, site) as vera:
        break_database(house, "UPDATE log_head SET epoch = 'another life'")
        await vera.send({"t": "open", "id": 1, "client_id": "o"})
        return await vera.close_code()


@reaches(CloseCode.SLOW)
async def a_reader_who_does_not_read(house: Inside, site: str) -> int:
    async with open_visitor(house, site) as vera:
        await fill(house, vera)
        for one in house.server.server_state.connections:
            one.close_timeout = 100  # type: ignore[union-attr] # a busy machine reads late
        house.turn(30)
        await until(lambda: not len(house.app.parts.realtime.crowd))
        vera.socket.transport.resume_reading()
        return await vera.close_code()


@reaches(CloseCode.NO_PONG)
async def a_ping_without_an_answer(house: Inside, site: str) -> int:
    async with open_visitor(house, site) as vera:
        house.turn(25)
        await vera.until("ping")
        house.turn(10)
        return await vera.close_code()


@reaches(CloseCode.RATE_LIMITED)
async def a_client_that_does_not_wait(house: Inside, site: str) -> int:
    async with open_visitor(house, site) as vera:
        for number in range(18):
            await vera.send({"t": "open", "id": number, "client_id": "o"})
        return await vera.close_code()


@reaches(CloseCode.BAD_PROTOCOL)
async def a_first_frame_that_is_none(house: Inside, site: str) -> int:
    async with dial(house, "/ws/visitor") as nobody:
        await nobody.socket.send("hello?")
        return await nobody.close_code()


@reaches(CloseCode.BAD_TICKET)
async def a_ticket_that_is_too_old(house: Inside, site: str) -> int:
    async with greeting(house, site, seconds_later=301) as vera:
        return await vera.close_code()


@reaches(CloseCode.NO_HELLO)
async def a_socket_that_says_nothing(house: Inside, site: str) -> int:
    async with dial(house, "/ws/visitor") as nobody:
        house.turn(10)
        return await nobody.close_code()


@reaches(CloseCode.SITE_DISABLED)
async def a_site_that_is_switched_off(house: Inside, site: str) -> int:
    async with open_staff(house, OWNER) as owner, open_visitor(house, site) as vera:
        (found,) = [s for s in (await owner.get("/api/sites"))["items"] if s["key"] == site]
        await owner.patch(f"/api/sites/{found['id']}", {"enabled": False})
        code = await vera.close_code()
        await owner.patch(f"/api/sites/{found['id']}", {"enabled": True})
        return code


@reaches(CloseCode.REPLACED)
async def a_tab_too_many(house: Inside, site: str) -> int:
    async with open_visitor(house, site) as first, asyncio.TaskGroup() as tabs:
        stay = asyncio.Event()
        for _ in range(5):
            tabs.create_task(another_tab(house, site, first.welcome["token"], stay))
        code = await first.close_code()
        stay.set()
        return code


async def another_tab(house: Inside, site: str, token: str, stay: asyncio.Event) -> None:
    async with open_visitor(house, site, token=token):
        await stay.wait()


@reaches(CloseCode.SIGNED_OUT)
async def a_person_who_signs_out(house: Inside, site: str) -> int:
    async with open_staff(house, ANN) as staff, dial(house, "/ws/agent") as ann:
        await ann.send({"t": "hello", "v": 1, "ticket": await staff.ticket(), "tab": "t"})
        await ann.until("welcome")
        answer = await staff.client.post("/agent/sign-out")
        assert answer.is_success
        return await ann.close_code()


@reaches(CloseCode.TOO_MANY_ERRORS)
async def a_client_that_never_learns(house: Inside, site: str) -> int:
    async with open_visitor(house, site) as vera:
        for _ in range(21):
            await vera.send({"t": "teleport"})
        return await vera.close_code()


@asynccontextmanager
async def greeting(house: Inside, site: str, *, seconds_later: float = 0) -> AsyncIterator[Wire]:
    """A visitor whose hello is on its way."""
    ticket = (await frame_boot(house, site))["ticket"]
    house.turn(seconds_later)
    async with dial(house, "/ws/visitor") as wire:
        hello: Frame = {"t": "hello", "v": 1, "site": site, "ticket": ticket, "tab": "t"}
        await wire.send(hello)
        yield wire


async def fill(house: Inside, vera: Wire) -> None:
    """Asks for more than every buffer on the way takes, and reads none of it: not even into the
    library's buffer, or for a moment all would be through, and the wait begin anew."""
    conversation = await open_chat(vera)
    for number in range(8):
        text = str(number) * 4000
        frame = {"t": "send", "conversation": conversation, "client_id": str(number), "text": text}
        await vera.ask(frame)
    vera.socket.transport.pause_reading()
    for number in range(100, 600):
        await vera.send({"t": "history", "id": number, "conversation": conversation})
    await until(lambda: any(member.is_behind for member in house.app.parts.realtime.crowd))


# What lies between the codes


async def test_a_visitor_who_refreshes_the_token_in_time_stays(house: Inside) -> None:
    async with open_visitor(house, await site_key(house)) as vera:
        house.turn(30 * DAYS - 30)
        assert (await vera.until("expiring"))["in"] <= 30
        await vera.send({"t": "pong"})
        renewed = await vera.ask({"t": "refresh", "token": vera.welcome["token"]})
        assert renewed["ok"]["token"] != vera.welcome["token"]
        house.turn(60)
        assert "ok" in await vera.ask({"t": "open", "client_id": "o"})


async def test_a_visitor_whose_token_ended_in_the_middle_of_a_chat_comes_back_to_it(
    house: Inside,
) -> None:
    site = await site_key(house)
    async with open_visitor(house, site) as vera:
        chat = await open_chat(vera)
        house.turn(30 * DAYS)
        assert await vera.close_code() == CloseCode.TOKEN_EXPIRED
    async with open_visitor(house, site, token=vera.welcome["token"]) as again:
        assert again.welcome["you"] == vera.welcome["you"]
        assert again.welcome["conversation"]["id"] == chat


async def test_an_agent_whose_session_ends_is_told_and_may_go_on(house: Inside) -> None:
    async with open_staff(house, ANN) as staff, dial(house, "/ws/agent") as ann:
        await ann.send({"t": "hello", "v": 2, "ticket": await staff.ticket(), "tab": "t"})
        await ann.until("welcome")
        house.turn(12 * HOURS - 40)
        assert (await ann.until("expiring"))["in"] <= 40
        await ann.send({"t": "pong"})
        await staff.get("/api/sites")
        house.turn(15)
        assert (await ann.until("expiring"))["in"] > 11 * HOURS


async def test_an_agent_who_does_nothing_is_signed_out_by_time(house: Inside) -> None:
    async with open_agent(house, ANN) as ann:
        house.turn(12 * HOURS + 1)
        await ann.until("ping")
        assert await ann.close_code() in (CloseCode.TOKEN_EXPIRED, CloseCode.SIGNED_OUT)


async def test_a_panel_that_was_open_for_hours_gets_another_ticket(house: Inside) -> None:
    site = await site_key(house)
    own = {"Origin": house.origin, "Sec-Fetch-Site": "same-origin"}
    async with httpx2.AsyncClient(base_url=house.origin, headers=own, trust_env=False) as panel:
        house.turn(3 * HOURS)
        answer = (await panel.post("/frame/tickets", json={"site": site})).json()
        assert answer["ticket_seconds"] == 300
        async with dial(house, "/ws/visitor") as vera:
            hello = {"t": "hello", "v": 2, "site": site, "ticket": answer["ticket"], "tab": "t"}
            await vera.send(hello)
            assert (await vera.until("welcome"))["v"] == 2
        gone = await panel.post("/frame/tickets", json={"site": "nowhere"})
        elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        refused = await panel.post("/frame/tickets", json={"site": site}, headers=elsewhere)
        assert (gone.status_code, refused.status_code) == (404, 403)


async def test_a_client_ping_is_answered(house: Inside) -> None:
    async with open_visitor(house, await site_key(house)) as vera:
        await open_chat(vera)
        await vera.until("facts")
        await vera.send({"t": "ping"})
        assert (await vera.until("pong"))["head"] == 1
