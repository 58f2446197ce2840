"""Polls that are being held: how they end, and that they keep nobody signed in."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.inside import Inside, doomed, run_inside, until
from tests.support.polls import poll_agent, poll_visitor
from tests.support.sockets import site_key

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANN = "ann@teahouse.example"
HOURS = 3600


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    """A quiet hold ends within a test."""
    async with run_inside(tmp_path_factory.mktemp("demo"), ping_seconds=2.0) as inside:
        yield inside


def held(house: Inside) -> int:
    return len(house.app.parts.realtime.crowd)


async def test_a_held_poll_is_told_to_move_on_when_the_node_stops(house: Inside) -> None:
    async with doomed(house) as ruin, poll_visitor(ruin, await site_key(ruin)) as vera:
        async with asyncio.TaskGroup() as group:
            hold = group.create_task(vera.poll(hold=True))
            await until(lambda: held(ruin) == 1)
            await ruin.app.parts.draining.run()
        answer = hold.result()
        assert answer["close"] == {"code": 4001, "reason": "drain"}
        assert answer["frames"][-1]["t"] == "drain"
        assert (await vera.post()).status_code == 503


async def test_who_goes_while_the_poll_is_held_leaves_nothing_behind(house: Inside) -> None:
    async with poll_visitor(house, await site_key(house)) as vera:
        hold = asyncio.ensure_future(vera.poll(hold=True))  # noqa: TID251
        await until(lambda: held(house) == 1)
        hold.cancel()
        await until(lambda: held(house) == 0)
        services = house.app.parts.realtime
        assert not services.polls._holds
        assert "ok" in await vera.ask({"t": "open", "client_id": "o"})


async def test_polling_alone_keeps_nobody_signed_in(house: Inside) -> None:
    async with poll_agent(house, ANN) as ann:
        for _ in range(11):
            house.turn(HOURS)
            await ann.poll()
        house.turn(HOURS)
        assert ann.staff is not None
        answer = await ann.staff.client.post("/api/tickets", json={})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthenticated")


async def test_what_an_agent_does_by_a_poll_counts_as_use(house: Inside) -> None:
    async with poll_agent(house, ANN) as ann:
        house.turn(11 * HOURS)
        assert "ok" in await ann.ask({"t": "status", "status": "away"})
        house.turn(11 * HOURS)
        assert "ok" in await ann.ask({"t": "status", "status": "online"})


async def test_a_held_poll_brings_word_of_the_sessions_end_when_it_ends_itself(
    house: Inside,
) -> None:
    async with poll_agent(house, ANN) as ann:
        house.turn(12 * HOURS - 40)
        heard: set[str] = set()
        while "expiring" not in heard:  # other news may end a poll first
            answer = await ann.poll(hold=True)
            assert "close" not in answer
            heard = {frame["t"] for frame in answer["frames"]}


async def test_an_answer_that_is_full_ends_and_the_rest_comes_with_the_next(house: Inside) -> None:
    most = house.app.settings.outbox_bytes
    async with poll_visitor(house, await site_key(house)) as vera:
        opened = await vera.ask({"t": "open", "client_id": "o"})
        conversation = opened["ok"]["conversation"]
        for number in range(10):
            house.turn(2)
            text = f"{number}" * 4000
            frame = {"t": "send", "conversation": conversation, "client_id": f"{number}"}
            assert "ok" in await vera.ask({**frame, "text": text})
        questions = [
            {"t": "history", "id": number, "conversation": conversation} for number in range(100)
        ]
        answer = await vera.poll(*questions)
        size = sum(len(str(frame)) for frame in answer["frames"])
        replies = [frame for frame in answer["frames"] if frame["t"] == "reply"]
        assert 0 < len(replies) < 100
        assert size < most + 100_000
