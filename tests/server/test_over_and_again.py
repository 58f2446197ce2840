"""A chat that is over, on a screen that was away, and one that goes on where nobody looks."""

import pytest_asyncio

from chatserver.protocol.codes import CloseCode
from tests.support.inside import run_inside
from tests.support.sockets import dial, open_agent, open_chat, open_staff, open_visitor, site_key

ANN = "ann@teahouse.example"
# Longer than a chat that is closed can be gone on with.
LONG = 25 * 3600


@pytest_asyncio.fixture
async def house(tmp_path):
    async with run_inside(tmp_path) as inside:
        yield inside


async def begin(house, site):
    """A visitor's chat that an agent has closed: its id and the visitor's token."""
    async with open_visitor(house, site) as vera, open_agent(house, ANN) as ann:
        chat = await open_chat(vera)
        await vera.ask({"t": "send", "conversation": chat, "client_id": "m", "text": "Hi"})
        closed = await ann.ask({"t": "close", "conversation": chat, "expect_seq": 2})
        assert closed["ok"]["seq"] == 3
        return chat, vera.welcome["token"], vera.welcome["epoch"]


async def test_a_tab_that_was_away_for_long_is_told_how_its_chat_ended(house):
    site = await site_key(house)
    chat, token, epoch = await begin(house, site)
    house.turn(LONG)
    resume = {"conversation": chat, "epoch": epoch, "seq": 2}
    async with open_visitor(house, site, token=token, resume=resume) as vera:
        assert vera.welcome["conversation"]["phase"] == "closed"
        await vera.until("facts")
        assert [fact["kind"] for fact in vera.facts] == ["conversation.closed"]


async def test_a_visitor_who_comes_anew_finds_a_fresh_panel(house):
    site = await site_key(house)
    _, token, _ = await begin(house, site)
    house.turn(LONG)
    async with open_visitor(house, site, token=token) as vera:
        assert vera.welcome.get("conversation") is None


async def test_an_agent_who_opens_an_old_chat_again_is_heard_by_the_visitor_who_is_there(house):
    site = await site_key(house)
    chat, token, _ = await begin(house, site)
    house.turn(LONG)
    async with open_visitor(house, site, token=token) as vera, open_agent(house, ANN) as ann:
        reopened = await ann.ask({"t": "reopen", "conversation": chat, "expect_seq": 3})
        said = {"t": "send", "conversation": chat, "client_id": "a", "text": "One more thing"}
        assert "ok" in await ann.ask(said), reopened
        while not any(fact.get("text") == "One more thing" for fact in vera.facts):
            await vera.read()
        assert [fact["seq"] for fact in vera.facts] == list(range(1, 1 + len(vera.facts)))


async def test_who_is_signed_out_while_the_console_opens_is_not_let_in(house, monkeypatch):
    """After the ticket was taken, and before this console listens for the end of its session."""
    broker = house.app.parts.broker
    settled = broker.settled
    async with open_staff(house, ANN) as staff, dial(house, "/ws/agent") as console:

        async def slowly():
            monkeypatch.setattr(broker, "settled", settled)
            await staff.client.post("/agent/sign-out")
            await settled()

        hello = {"t": "hello", "v": 2, "ticket": await staff.ticket(), "tab": "t"}
        monkeypatch.setattr(broker, "settled", slowly)
        # The hint of the end is lost as well: nothing but the question finds out.
        monkeypatch.setattr(broker, "publish", lambda *_: None)
        await console.send(hello)
        assert await console.close_code() == CloseCode.BAD_TICKET
