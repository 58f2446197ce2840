"""The bus between nodes when Redis is killed, frozen, away or cut: said, and over by itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from chatserver.broker.connection import open_line
from chatserver.broker.redis import RedisBroker
from chatserver.errors import Unavailable
from tests.support.redis import RedisServer

WAIT_SECONDS = 20


@asynccontextmanager
async def open_node(server: RedisServer, name: str = "node") -> AsyncIterator[RedisBroker]:
    broker = RedisBroker(server.url, prefix="chat", node=name)
    await broker.open()
    try:
        yield broker
    finally:
        await broker.close()


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while not is_so():  # noqa: ASYNC110 - Redis tells nobody
            await asyncio.sleep(0.01)


async def until_sees(server: RedisServer, wanted: object, *command: str) -> None:
    await until(lambda: server.command(*command) == wanted)


async def doubted(broker: RedisBroker, fault: Callable[[], Awaitable[object]]) -> None:
    """Runs a fault and waits until the broker says that hints may be missing."""
    broker.doubt.clear()
    await fault()
    async with asyncio.timeout(WAIT_SECONDS):
        await broker.doubt.wait()


class Heard(list[bytes]):
    def __call__(self, _topic: str, hint: bytes) -> None:
        self.append(hint)


async def test_a_node_subscribes_once_however_many_listen(redis_server):
    channel = ("PUBSUB", "NUMSUB", "chat:c:1")
    async with open_node(redis_server) as broker:
        leaving = [broker.subscribe("c:1", Heard()) for _ in range(3)]
        await broker.settled()
        assert redis_server.command(*channel) == [b"chat:c:1", 1]
        for leave in leaving[1:]:
            leave()
        await broker.settled()
        assert redis_server.command(*channel) == [b"chat:c:1", 1]
        leaving[0]()
        await until_sees(redis_server, [b"chat:c:1", 0], *channel)


async def test_installations_with_other_prefixes_do_not_hear_each_other(redis_server):
    theirs, ours = Heard(), Heard()
    stranger = RedisBroker(redis_server.url, prefix="other", node="stranger")
    await stranger.open()
    async with open_node(redis_server, "a") as here, open_node(redis_server, "b") as there:
        stranger.subscribe("c:1", theirs)
        there.subscribe("c:1", ours)
        await stranger.settled()
        await there.settled()
        here.publish("c:1", b"hi")
        await until(lambda: ours)
        stranger.publish("c:1", b"end")
        await until(lambda: theirs)
    await stranger.close()
    assert theirs == [b"end"]


async def test_nothing_rests_in_redis(redis_server):
    ours = Heard()
    async with open_node(redis_server, "a") as here, open_node(redis_server, "b") as there:
        there.subscribe("c:1", ours)
        await there.settled()
        here.publish("c:1", b"somebody's words")
        await until(lambda: ours)
        assert redis_server.command("DBSIZE") == 0


async def test_a_cut_connection_is_told_and_comes_back_by_itself(redis_server):
    heard = Heard()
    async with open_node(redis_server, "a") as here, open_node(redis_server, "b") as there:
        there.subscribe("c:1", heard)
        await there.settled()

        async def cut() -> None:
            assert redis_server.command("CLIENT", "KILL", "TYPE", "pubsub") == 2

        await doubted(there, cut)
        await until(lambda: not here.degraded and not there.degraded)
        assert there.doubt.is_set(), "what was published meanwhile is in the log: read it"
        here.publish("c:1", b"after")
        await until(lambda: b"after" in heard)


async def test_while_redis_is_dead_a_node_serves_its_own_people(redis_server):
    heard = Heard()
    async with open_node(redis_server) as broker:
        broker.subscribe("c:1", heard)
        await doubted(broker, lambda: asyncio.to_thread(redis_server.kill))
        assert broker.degraded
        await broker.settled()
        broker.publish("c:1", b"to the same node")
        await until(lambda: heard == [b"to the same node"])
        redis_server.start()
        await until(lambda: not broker.degraded)


async def test_a_node_starts_without_redis_and_finds_it_later(redis_server):
    redis_server.kill()
    async with open_node(redis_server) as broker:
        assert broker.degraded
        redis_server.start()
        await until(lambda: not broker.degraded)


async def test_a_wrong_password_is_said_once_and_not_shown(redis_server, caplog):
    redis_server.command("CONFIG", "SET", "requirepass", "right")
    url = redis_server.url.replace("//", "//:wrong-secret@")
    broker = RedisBroker(url, prefix="chat", node="node")
    await broker.open()
    assert broker.degraded
    await broker.close()
    complaints = [one for one in caplog.records if one.message == "bus connection ended"]
    assert [one.why for one in complaints] == ["redis: AuthenticationError"]
    assert "wrong-secret" not in caplog.text


async def test_a_frozen_redis_is_noticed_by_its_silence(redis_server):
    async with open_node(redis_server) as broker:

        async def freeze() -> None:
            await asyncio.to_thread(redis_server.freeze)

        await doubted(broker, freeze)
        assert broker.degraded
        redis_server.thaw()
        await until(lambda: not broker.degraded)


async def test_who_could_not_publish_tells_the_others_to_read_the_log(redis_server):
    async with open_node(redis_server, "a") as here, open_node(redis_server, "b") as there:
        there.doubt.clear()
        redis_server.command("CLIENT", "PAUSE", 1000, "WRITE")
        for _ in range(11_000):  # more than may wait
            here.publish("c:1", b"x")
        async with asyncio.timeout(WAIT_SECONDS):
            await there.doubt.wait()
        assert not there.degraded


async def test_a_cancelled_command_takes_its_connection_along(redis_server):
    """Else the next command would read the answer of the one before."""
    async with open_line(redis_server.url) as line:
        redis_server.command("CLIENT", "PAUSE", 300)
        with suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                await line.ask([("PING", "first")])
        with pytest.raises(Unavailable):
            await line.read()


async def test_a_stranger_on_the_port_is_no_redis():
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Unavailable):
            async with open_line(f"redis://127.0.0.1:{port}"):
                pass
