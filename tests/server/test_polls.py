"""A chat by HTTP alone, where no WebSocket gets through: the same sessions behind another door."""

import asyncio
from collections.abc import Iterator

import httpx2
import pytest

from tests.support.polls import Poller, poll_agent, poll_visitor
from tests.support.running import Running, run_service
from tests.support.sockets import open_agent, open_visitor, site_key

ANN = "ann@teahouse.example"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Pings, and with them held polls, are short: a quiet one ends within a test."""
    with run_service(tmp_path_factory.mktemp("polls"), ping_seconds="4") as running:
        yield running


@pytest.fixture
async def site(service: Running) -> str:
    return await site_key(service)


async def open_and_say(vera: Poller, text: str) -> str:
    opened = await vera.ask({"t": "open", "client_id": "open"})
    conversation: str = opened["ok"]["conversation"]
    frame = {"t": "send", "conversation": conversation, "client_id": "m1", "text": text}
    assert (await vera.ask(frame))["ok"]["client_id"] == "m1"
    return conversation


async def test_a_chat_by_polling_alone(service: Running, site: str) -> None:
    async with poll_visitor(service, site) as vera, poll_agent(service, ANN) as ann:
        conversation = await open_and_say(vera, "Is the blue one back?")
        await vera.poll()
        inbox = (await ann.poll())["frames"][1]
        assert conversation in {row["conversation"] for row in inbox["rows"]}
        await ann.ask({"t": "thread", "conversation": conversation})
        assert ann.texts() == ["Is the blue one back?"]

        answer = {"t": "send", "conversation": conversation, "client_id": "a1"}
        async with asyncio.TaskGroup() as group:
            held = group.create_task(vera.poll(hold=True))
            assert "ok" in await ann.ask({**answer, "text": "It came this morning."})
        assert "close" not in held.result()
        if "It came this morning." not in vera.texts():  # first came that somebody took the chat
            await vera.poll(hold=True)
        assert vera.texts() == ["Is the blue one back?", "It came this morning."]
        assert [fact["seq"] for fact in vera.facts] == list(range(1, len(vera.facts) + 1))


async def test_a_rating_by_polling_alone(service: Running, site: str) -> None:
    async with poll_visitor(service, site) as vera, poll_agent(service, ANN) as ann:
        conversation = await open_and_say(vera, "How do I rate this?")
        assert "ok" in await ann.ask({"t": "ask_rating", "conversation": conversation})
        rating = {"t": "rate", "conversation": conversation, "client_id": "r1", "score": 4}
        for wrong in ({"score": 6}, {"score": 0}, {"reasons": ["x" * 61]}, {"conversation": ""}):
            frames = (await vera.poll({"id": 9, **rating, **wrong}))["frames"]
            assert [f["error"]["code"] for f in frames if f["t"] == "error"] == ["bad_frame"]
        stranger = await vera.ask(rating | {"conversation": "nobodys"})
        assert stranger["error"]["code"] == "not_found"
        told = {"resolved": True, "reasons": ["fast", "fast"], "comment": " Lovely \n"}
        assert (await vera.ask(rating | told))["ok"]["client_id"] == "r1"
        assert (await vera.ask(rating | told))["ok"]["duplicate"]
        await vera.poll()
        kinds = [fact["kind"] for fact in vera.facts]
        assert kinds[-2:] == ["csat.asked", "csat.rated"]
        assert vera.facts[-1]["rating"] == {"score": 4, "resolved": True, "reasons": ["fast"]}
        assert vera.facts[-1]["text"] == "Lovely"


async def test_the_same_message_twice_is_one(service: Running, site: str) -> None:
    async with poll_visitor(service, site) as vera:
        conversation = await open_and_say(vera, "Once")
        frame = {"t": "send", "conversation": conversation, "client_id": "m1", "text": "Once"}
        assert (await vera.ask(frame))["ok"]["duplicate"]
        assert (await vera.ask({**frame, "text": "Twice"}))["error"]["code"] == "client_id_conflict"
        await vera.poll()
        assert vera.texts() == ["Once"]


async def test_a_poll_brings_what_was_missed_at_once(service: Running, site: str) -> None:
    async with poll_visitor(service, site) as vera:
        conversation = await open_and_say(vera, "One")
        await vera.poll()
        async with open_visitor(service, site, token=vera.token) as socket:
            frame = {"t": "send", "conversation": conversation, "client_id": "m2", "text": "Two"}
            await socket.ask(frame)
        seen = len(vera.facts)
        body = await vera.poll(hold=True)
        assert [frame["t"] for frame in body["frames"]] == ["welcome", "facts"]
        assert [fact["seq"] for fact in vera.facts[seen:]] == [seen + 1]


async def test_a_note_never_leaves(service: Running, site: str) -> None:
    async with poll_visitor(service, site) as vera, poll_agent(service, ANN) as ann:
        conversation = await open_and_say(vera, "Hello")
        await vera.poll()
        note = {"t": "send", "conversation": conversation, "client_id": "n", "private": True}
        async with asyncio.TaskGroup() as group:
            held = group.create_task(vera.post(hold=True))
            assert "ok" in await ann.ask({**note, "text": "the moon is full"})
        assert "the moon" not in held.result().text
        assert "the moon" not in (await vera.post(resume=None)).text


async def test_a_quiet_poll_ends_without_news(service: Running, site: str) -> None:
    async with poll_visitor(service, site) as vera:
        body = await vera.poll(hold=True)
        assert [frame["t"] for frame in body["frames"]] == ["welcome"]


async def test_a_newer_hold_ends_the_one_of_its_tab_and_no_other(
    service: Running, site: str
) -> None:
    async with poll_visitor(service, site) as vera, asyncio.TaskGroup() as group:
        other = group.create_task(vera.poll(hold=True, tab="other"))
        both = [group.create_task(vera.poll(hold=True)) for _ in range(2)]
        done, _ = await asyncio.wait([other, *both], return_when="FIRST_COMPLETED")
        (ended,) = done  # whichever of the two arrived first
        assert (await ended)["close"] == {"code": 1000, "reason": "a newer poll"}
        both.remove(ended)
        assert "close" not in await other
        assert "close" not in await both[0]


async def test_a_held_poll_is_somebody_who_is_here(service: Running, site: str) -> None:
    async with poll_visitor(service, site) as vera, open_agent(service, ANN) as ann:
        conversation = await open_and_say(vera, "Am I here?")
        while True:
            inbox = await ann.until("inbox")
            rows = [r for r in inbox.get("rows", []) if r["conversation"] == conversation]
            if rows and rows[0]["visitor"].get("online"):
                break
        await vera.poll(hold=True)


async def test_polls_share_one_pace(service: Running, site: str) -> None:
    async with poll_visitor(service, site) as vera:
        conversation = await open_and_say(vera, "Hello")
        frame = {"t": "send", "conversation": conversation, "text": "flood"}
        answers = [await vera.ask({**frame, "client_id": f"f{n}"}) for n in range(40)]
        errors = [answer["error"] for answer in answers if "error" in answer]
        assert errors
        assert errors[0]["code"] == "rate_limited"
        assert errors[0]["retry_after"] > 0


@pytest.mark.parametrize("path", ["/poll/visitor", "/poll/agent"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_origin_is_refused(
    service: Running, path: str, headers: dict[str, str]
) -> None:
    own = {"Origin": service.origin, "Sec-Fetch-Site": "same-origin"}
    async with httpx2.AsyncClient(base_url=service.origin, trust_env=False) as client:
        answer = await client.post(path, json={"hello": {}}, headers=own | headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "bad_origin")


async def test_a_bad_ticket_is_closed_as_on_a_socket(service: Running, site: str) -> None:
    async with poll_visitor(service, site) as vera, poll_agent(service, ANN) as ann:
        for poller in (vera, ann):
            body = await poller.poll(ticket="made up", hold=True)
            assert body == {"frames": [], "close": {"code": 4501, "reason": "bad_ticket"}}
        assert ann.staff is not None
        used = await ann.staff.ticket()
        await ann.poll(ticket=used)
        assert (await ann.poll(ticket=used))["close"]["code"] == 4501


async def test_an_agent_needs_the_session_besides_the_ticket(service: Running) -> None:
    async with poll_agent(service, ANN) as ann:
        assert ann.staff is not None
        ticket = await ann.staff.ticket()
        ann.client.cookies.clear()
        body = {"hello": {"t": "hello", "v": 1, "ticket": ticket, "tab": "t"}}
        assert (await ann.client.post("/poll/agent", json=body)).status_code == 401


async def test_the_hello_comes_first_and_once(service: Running, site: str) -> None:
    async with poll_visitor(service, site) as vera:
        twice = await vera.poll({"t": "hello", "v": 1, "site": site, "ticket": "", "tab": ""})
        assert twice["close"]["code"] == 4500
        without = await vera.client.post("/poll/visitor", json={"hello": {"t": "bye"}})
        assert without.json() == {
            "frames": [],
            "close": {"code": 4500, "reason": "hello comes first"},
        }


async def test_a_frame_too_big_is_too_big_here_too(service: Running, site: str) -> None:
    async with poll_visitor(service, site) as vera:
        body = await vera.poll({"t": "page", "url": "x" * 17_000})
        assert body["close"]["code"] == 1009
        answer = await vera.post({"t": "page", "url": "x" * 40_000})
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize("body", ["", "[]", "{", '{"frames":[]}', '{"hello":{},"frames":{}}'])
async def test_what_is_no_poll_is_a_bad_request(service: Running, site: str, body: str) -> None:
    async with poll_visitor(service, site) as vera:
        answer = await vera.client.post(
            "/poll/visitor", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in (400, 422), answer.text
