"""Nonsense over the real socket: each kind has its code, the process lives on, and what is stored
is stored whole."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from chatserver.conversation.events import MessageSent
from chatserver.storage.database import open_database
from tests.support.replay import check_rows_equal_replay, stored_facts
from tests.support.running import Running, run_service
from tests.support.sockets import (
    Frame,
    Wire,
    dial,
    frame_boot,
    open_chat,
    open_staff,
    open_visitor,
    site_key,
)

OWNER = "olivia@teahouse.example"
# Written by hand: json.dumps would refuse or repair them.
BROKEN = {
    "not JSON": "hello?",
    "half of it": '{"t":"send","id":1',
    "a list": "[1,2,3]",
    "no type": '{"id":1}',
    "an unknown field": '{"t":"pong","seen":0,"from":"agent"}',
    "a text for a number": '{"t":"read","conversation":"c","seq":"1"}',
    "a number beyond all": '{"t":"read","conversation":"c","seq":1e400}',
    "very deep": "[" * 7000,
    "not UTF-8": b'{"t":"\xff\xfe"}',
    "half a character": '{"t":"\\ud800"}',
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with run_service(tmp_path_factory.mktemp("bad")) as running:
        yield running


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Its tickets are too old the moment that they are made."""
    folder = tmp_path_factory.mktemp("hasty")
    with run_service(folder, agent_ticket_seconds="0", frame_ticket_seconds="0") as running:
        yield running


@pytest.fixture
async def site(service: Running) -> AsyncIterator[str]:
    """Afterwards the process is well and every row is what its facts add up to."""
    yield await site_key(service)
    async with httpx2.AsyncClient(base_url=service.origin, trust_env=False) as client:
        assert (await client.get("/readyz")).status_code == 200
    database = open_database(service.database)
    await check_rows_equal_replay(database)
    await database.close()


@pytest.fixture
async def wire(service: Running, site: str) -> AsyncIterator[Wire]:
    async with open_visitor(service, site) as opened:
        yield opened


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
async def test_a_frame_that_cannot_be_read_is_named_and_the_next_is_served(
    wire: Wire, text: str | bytes
) -> None:
    await wire.socket.send(text)
    assert (await wire.until("error"))["error"]["code"] in ("bad_frame", "unknown_type")
    assert "ok" in await wire.ask({"t": "open", "client_id": "c1"})


async def test_an_unknown_type_has_its_own_code(wire: Wire) -> None:
    await wire.send({"t": "shout", "text": "HELLO"})
    assert (await wire.until("error"))["error"]["code"] == "unknown_type"


async def test_whoever_never_learns_is_hung_up(wire: Wire) -> None:
    for _ in range(25):
        await wire.socket.send("{")
    assert await wire.close_code() == 4509


async def test_nothing_is_said_before_hello(service: Running, site: str) -> None:
    for first in ('{"t":"open","id":1,"client_id":"c1"}', "{", '{"t":"pong","seen":0}'):
        async with dial(service, "/ws/visitor") as stranger:
            await stranger.socket.send(first)
            assert await stranger.close_code() == 4500


@pytest.mark.parametrize("size", [16_385, 70_000, 1_000_000])
async def test_a_frame_that_is_too_big_ends_the_connection(wire: Wire, size: int) -> None:
    await wire.socket.send('{"t":"pong","seen":' + "1" * size + "}")
    assert await wire.close_code() == 1009


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 4001, "text_too_long"),
        ("茶" * 4001, "text_too_long"),
        ("", "text_empty"),
        (" \n\t ", "text_empty"),
        ("a\0b", "bad_text"),
    ],
    ids=["4001 letters", "4001 Chinese ones", "nothing", "white space", "NUL"],
)
async def test_a_text_that_is_no_message_is_refused(
    service: Running, wire: Wire, text: str, code: str
) -> None:
    conversation = await open_chat(wire)
    message = {"t": "send", "conversation": conversation, "client_id": "c1", "text": text}
    assert (await wire.ask(message))["error"]["code"] == code
    assert await messages(service, conversation) == []


async def test_the_longest_text_is_taken(service: Running, wire: Wire) -> None:
    conversation = await open_chat(wire)
    text = "茶" * 4000
    message = {"t": "send", "conversation": conversation, "client_id": "c1", "text": text}
    assert "ok" in await wire.ask(message)
    assert await messages(service, conversation) == [text]


@pytest.mark.parametrize("half", ["\\ud800", "\\udc00", "tea\\ud83d", "\\udc00\\ud800"])
async def test_half_a_character_is_refused(service: Running, wire: Wire, half: str) -> None:
    conversation = await open_chat(wire)
    frame = {"t": "send", "id": 7, "conversation": conversation, "client_id": "c1", "text": "?"}
    await wire.socket.send(json.dumps(frame).replace("?", half))
    answer = await wire.read()
    while answer["t"] not in ("reply", "error"):
        answer = await wire.read()
    assert answer["error"]["code"] in ("bad_text", "bad_frame")
    assert await messages(service, conversation) == []


async def test_another_visitors_conversation_looks_like_none(
    service: Running, site: str, wire: Wire
) -> None:
    await open_chat(wire)
    async with open_visitor(service, site) as other:
        foreign = await open_chat(other)
        for conversation in (foreign, "missing"):
            ask = {"conversation": conversation, "client_id": "c1", "text": "me too"}
            sent = await wire.ask({"t": "send", **ask})
            read = await wire.ask({"t": "history", "conversation": conversation})
            closed = await wire.ask({"t": "close", "conversation": conversation, "expect_seq": 1})
            codes = {answer["error"]["code"] for answer in (sent, read, closed)}
            assert codes == {"not_found"}
    assert await messages(service, foreign) == []


async def test_a_flood_is_slowed_then_cut_and_what_was_acknowledged_is_stored(
    service: Running, wire: Wire
) -> None:
    conversation = await open_chat(wire)
    message = {"t": "send", "conversation": conversation}
    first = await wire.ask(message | {"client_id": "first", "text": "first"})
    for number in range(1000):
        text = f"flood {number}"
        with suppress(ConnectionClosed):
            await wire.send(message | {"id": 100 + number, "client_id": text, "text": text})
    replies = await replies_until_closed(wire)
    assert wire.socket.close_code == 4013
    codes = {reply["error"]["code"] for reply in replies if "error" in reply}
    assert codes <= {"rate_limited", "too_many_requests"}
    acknowledged = [reply["ok"]["client_id"] for reply in [first, *replies] if "ok" in reply]
    stored = await messages(service, conversation)
    assert stored[: len(acknowledged)] == acknowledged
    assert len(stored) <= 10


async def replies_until_closed(wire: Wire) -> list[Frame]:
    replies = []
    with suppress(ConnectionClosed):
        while True:
            replies.append(await wire.until("reply"))
    return replies


@pytest.mark.parametrize("path", ["/ws/visitor", "/ws/agent"])
@pytest.mark.parametrize(
    "origin",
    [None, "null", "https://evil.example", "http://127.0.0.1", "http://127.0.0.1.evil.example"],
)
async def test_a_foreign_origin_is_refused_before_it_is_a_socket(
    service: Running, site: str, path: str, origin: str | None
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with dial(service, path, origin=origin):
            pass
    assert refused.value.response.status_code == 403
    assert json.loads(refused.value.response.body)["error"]["code"] == "bad_origin"


async def test_an_agents_ticket_opens_one_socket(service: Running, site: str) -> None:
    async with open_staff(service, OWNER) as staff:
        ticket = await staff.ticket()
        async with dial(service, "/ws/agent") as first, dial(service, "/ws/agent") as second:
            await first.send(agent_hello(ticket))
            assert (await first.until("welcome"))["you"]["name"] == "Olivia Hart"
            await second.send(agent_hello(ticket))
            assert await second.close_code() == 4501


@pytest.mark.parametrize("ticket", ["", "made-up", "x" * 5000, "茶"])
async def test_a_ticket_that_we_never_gave_opens_nothing(
    service: Running, site: str, ticket: str
) -> None:
    for path, hello in (
        ("/ws/agent", agent_hello(ticket)),
        ("/ws/visitor", visitor_hello(site, ticket)),
    ):
        async with dial(service, path) as stranger:
            await stranger.send(hello)
            assert await stranger.close_code() == 4501


async def test_tickets_that_are_too_old_open_nothing(hasty: Running) -> None:
    site = await site_key(hasty)
    async with open_staff(hasty, OWNER) as staff, dial(hasty, "/ws/agent") as agent:
        await agent.send(agent_hello(await staff.ticket()))
        assert await agent.close_code() == 4501
    async with dial(hasty, "/ws/visitor") as visitor:
        await visitor.send(visitor_hello(site, (await frame_boot(hasty, site))["ticket"]))
        assert await visitor.close_code() == 4501


async def test_a_ticket_of_another_site_opens_nothing(service: Running, site: str) -> None:
    async with open_staff(service, OWNER) as staff:
        wanted = {"name": "Second", "origins": ["https://second.example"]}
        second = (await staff.post("/api/sites", wanted))["key"]
    ticket = (await frame_boot(service, second))["ticket"]
    async with dial(service, "/ws/visitor") as visitor:
        await visitor.send(visitor_hello(site, ticket))
        assert await visitor.close_code() == 4501


def agent_hello(ticket: str) -> Frame:
    return {"t": "hello", "v": 1, "ticket": ticket, "tab": "t"}


def visitor_hello(site: str, ticket: str) -> Frame:
    return {"t": "hello", "v": 1, "site": site, "ticket": ticket, "tab": "t"}


async def messages(service: Running, conversation: str) -> list[str]:
    """What is stored, in order."""
    database = open_database(service.database)
    facts = [f for f in await stored_facts(database) if f.conversation_id == conversation]
    await database.close()
    return [
        fact.body.text or "" for fact in facts if fact.body and isinstance(fact.event, MessageSent)
    ]
