"""Two nodes, one PostgreSQL, one Redis, and everything that can happen to Redis in the middle of a
chat: nothing is lost, nobody is put back into the queue, and it is over by itself."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from tests.support.redis import RedisServer
from tests.support.running import Running, run_service
from tests.support.sockets import Frame, Wire, open_agent, open_chat, open_visitor, site_key

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("engine", ["postgresql"], indirect=True),
]

WAIT_SECONDS = 30
ANN = "ann@teahouse.example"
QUICK = {"visitor_rate": "1000", "visitor_burst": "1000", "agent_rate": "1000"}


class Ear:
    """Reads a socket all the time; what was read is asked for later."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._news = asyncio.Event()
        self._requests = 0
        self.frames: list[Frame] = []

    async def listen(self) -> None:
        while True:
            self.frames.append(await self._wire.read())
            self._news.set()

    async def until(self, is_so: Callable[[], object]) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while not is_so():
                self._news.clear()
                await self._news.wait()

    async def ask(self, frame: Frame) -> Frame:
        self._requests += 1
        number = 1000 + self._requests
        await self._wire.send({**frame, "id": number})
        await self.until(lambda: self._reply(number))
        return self._reply(number) or {}

    async def say(self, chat: str, text: str) -> None:
        sent = {"t": "send", "conversation": chat, "client_id": text.replace(" ", "-")}
        reply = await self.ask({**sent, "text": text})
        assert "ok" in reply, reply

    def texts(self) -> list[str]:
        return [fact["text"] for fact in self._wire.facts if fact["kind"] == "message.sent"]

    def kinds(self) -> set[str]:
        return {fact["kind"] for fact in self._wire.facts}

    def numbers(self) -> list[int]:
        return [fact["seq"] for fact in self._wire.facts]

    def states(self, kind: str) -> list[Frame]:
        return [one for one in self.frames if one["t"] == "state" and one["kind"] == kind]

    def _reply(self, number: int) -> Frame | None:
        return next((f for f in self.frames if f["t"] == "reply" and f["id"] == number), None)


@dataclass
class Town:
    """Vera writes on one node, Ann answers on the other."""

    nodes: list[Running]
    chat: str
    vera: Ear
    ann: Ear

    async def exchange(self, word: str) -> None:
        """A message each way, acknowledged and seen."""
        await self.vera.say(self.chat, f"{word} from vera")
        await self.ann.until(lambda: f"{word} from vera" in self.ann.texts())
        await self.ann.say(self.chat, f"{word} from ann")
        await self.vera.until(lambda: f"{word} from ann" in self.vera.texts())

    async def problems(self) -> list[dict[str, str]]:
        """What each node says of itself; all of them can do their work."""
        async with httpx2.AsyncClient(trust_env=False) as client:
            answers = [await client.get(f"{node.origin}/readyz") for node in self.nodes]
        assert [answer.status_code for answer in answers] == [200, 200]
        return [answer.json()["problems"] for answer in answers]

    async def until_all(self, *, degraded: bool) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while [("bus" in said) for said in await self.problems()] != [degraded] * 2:
                pass  # each question is a way over the network: no busy loop

    async def check(self) -> None:
        """Both saw the same, all of it, once and in order, and nobody seemed to have left."""
        await self.ann.until(lambda: self.ann.texts() == self.vera.texts())
        for ear in (self.vera, self.ann):
            assert ear.numbers() == list(range(1, len(ear.numbers()) + 1))
        assert "conversation.unassigned" not in self.ann.kinds()
        assert [
            one for one in self.vera.states("availability") if one["availability"] != "online"
        ] == []
        cards = [one["visitor"] for one in self.ann.states("visitor")]
        assert [card for card in cards if not card["online"]] == []


@pytest.fixture
def nodes(tmp_path: Path, empty_url: str, redis_server: RedisServer) -> Iterator[list[Running]]:
    shared = {"database_url": empty_url, "redis_url": redis_server.url, "secret_key": "k" * 40}
    with ExitStack() as exits:
        yield [
            exits.enter_context(run_service(tmp_path / name, **shared, **QUICK))
            for name in ("one", "two")
        ]


@pytest.fixture
async def town(nodes: list[Running]) -> AsyncIterator[Town]:
    site = await site_key(nodes[0])
    async with (
        open_visitor(nodes[0], site) as vera,
        open_agent(nodes[1], ANN) as ann,
        talking(nodes, await open_chat(vera), vera, ann) as town,
    ):
        yield town


@asynccontextmanager
async def talking(nodes: list[Running], chat: str, vera: Wire, ann: Wire) -> AsyncIterator[Town]:
    town = Town(nodes, chat, Ear(vera), Ear(ann))
    async with asyncio.TaskGroup() as tasks:
        reading = [tasks.create_task(ear.listen()) for ear in (town.vera, town.ann)]
        await town.ann.ask({"t": "thread", "conversation": chat})
        await town.exchange("hello")
        yield town
        for task in reading:
            task.cancel()


async def flush(town: Town, redis: RedisServer) -> None:
    redis.command("FLUSHALL")
    await town.exchange("flushed")
    assert await town.problems() == [{}, {}]


async def fill(town: Town, redis: RedisServer) -> None:
    redis.command("CONFIG", "SET", "maxmemory", 1)
    await town.exchange("full")
    assert await town.problems() == [{}, {}]
    redis.command("CONFIG", "SET", "maxmemory", 0)


async def cut(town: Town, redis: RedisServer) -> None:
    redis.command("CLIENT", "KILL", "TYPE", "pubsub")
    await town.exchange("cut")


async def pause(town: Town, redis: RedisServer) -> None:
    redis.command("CLIENT", "PAUSE", 5000)
    await town.exchange("paused")
    await town.until_all(degraded=True)


async def kill(town: Town, redis: RedisServer) -> None:
    redis.kill()
    await town.exchange("dead")
    await town.until_all(degraded=True)
    await town.exchange("without a bus")
    redis.start()


async def test_a_chat_goes_on_whatever_happens_to_redis(town, redis_server):
    for fault in (flush, fill, cut, pause, kill):
        await fault(town, redis_server)
        await town.until_all(degraded=False)
        await town.exchange(f"after {fault.__name__}")
        await town.check()
    for node in town.nodes:
        assert node.log.count("bus degraded") >= 3, "cut, paused and dead were noticed"
    assert no_words_rest(redis_server)


def no_words_rest(redis: RedisServer) -> bool:
    keys = redis.command("KEYS", "*")
    assert isinstance(keys, list)
    return not any(b"from vera" in key + bytes(redis.command("DUMP", key)) for key in keys)


async def test_a_node_that_starts_while_redis_is_dead_serves_and_finds_it_later(
    nodes, redis_server
):
    redis_server.kill()
    await asyncio.to_thread(nodes[1].kill)
    await asyncio.to_thread(nodes[1].start)
    async with open_visitor(nodes[0], await site_key(nodes[0])) as vera:
        chat = await open_chat(vera)
        async with open_agent(nodes[1], ANN) as ann, talking(nodes, chat, vera, ann) as town:
            await town.until_all(degraded=True)
            await town.exchange("without a bus")
            redis_server.start()
            await town.until_all(degraded=False)
            await town.exchange("afterwards")
            await town.check()
