"""Two real nodes, one PostgreSQL, one Redis: Vera writes at the one, Ann answers at the other."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from websockets.exceptions import ConnectionClosed

from tests.support.redis import RedisServer
from tests.support.running import Running, run_service
from tests.support.sockets import Frame, Wire, open_agent, open_chat, open_visitor, site_key

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
        self.welcome = wire.welcome
        self.closed_with: int | None = None  # 0: the node died

    async def listen(self) -> None:
        """Until the server hangs up."""
        try:
            while True:
                self.frames.append(await self._wire.read())
                self._news.set()
        except ConnectionClosed as closed:
            self.closed_with = closed.rcvd.code if closed.rcvd else 0
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
    site: str
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


@contextmanager
def running(folder: Path, database_url: str, redis: RedisServer) -> Iterator[list[Running]]:
    """Two nodes; the first one has started when the second one begins to."""
    shared = {"database_url": database_url, "redis_url": redis.url, "secret_key": "k" * 40}
    with ExitStack() as exits:
        yield [
            exits.enter_context(run_service(folder / name, **shared, **QUICK))
            for name in ("one", "two")
        ]


@asynccontextmanager
async def chatting(nodes: list[Running]) -> AsyncIterator["Town"]:
    site = await site_key(nodes[0])
    async with (
        open_visitor(nodes[0], site) as vera,
        open_agent(nodes[1], ANN) as ann,
        talking(nodes, site, vera, ann) as town,
    ):
        yield town


@asynccontextmanager
async def talking(nodes: list[Running], site: str, vera: Wire, ann: Wire) -> AsyncIterator[Town]:
    """Somebody's chat with both sides listening."""
    town = Town(nodes, site, await open_chat(vera), Ear(vera), Ear(ann))
    async with listening(town.vera, town.ann):
        await town.ann.ask({"t": "thread", "conversation": town.chat})
        await town.exchange("hello")
        yield town


@asynccontextmanager
async def listening(*ears: Ear) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        reading = [tasks.create_task(ear.listen()) for ear in ears]
        yield
        for task in reading:
            task.cancel()
