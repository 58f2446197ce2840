"""Two nodes, one PostgreSQL, one Redis, and everything that can happen to Redis in the middle of a
chat: nothing is lost, nobody is put back into the queue, and it is over by itself."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.redis import RedisServer
from tests.support.running import PASSWORD, Running
from tests.support.sockets import open_staff
from tests.support.two_nodes import ANN, Town, chatting, running

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("engine", ["postgresql"], indirect=True),
]


@pytest.fixture
def nodes(tmp_path: Path, empty_url: str, redis_server: RedisServer) -> Iterator[list[Running]]:
    with running(tmp_path, empty_url, redis_server) as nodes:
        yield nodes


@pytest.fixture
async def town(nodes: list[Running]) -> AsyncIterator[Town]:
    async with chatting(nodes) as town:
        yield town


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
    await town.ann.until(lambda: last_word(town) == "degraded")
    redis.start()
    await town.ann.until(lambda: last_word(town) == "ok")


def last_word(town: Town) -> str:
    """What Ann was told of the bus."""
    return town.ann.states("bus")[-1]["bus"] if town.ann.states("bus") else ""


async def test_a_chat_goes_on_whatever_happens_to_redis(town, redis_server):
    for fault in (flush, fill, cut, pause, kill):
        await fault(town, redis_server)
        await town.until_all(degraded=False)
        await town.exchange(f"after {fault.__name__}")
        await town.check()
    for node in town.nodes:
        assert node.log.count("bus degraded") >= 3, "cut, paused and dead were noticed"
    assert no_words_rest(redis_server)
    await change_password(town.nodes[0])
    await town.ann.until(lambda: town.ann.closed_with == 4507)


async def change_password(node: Running) -> None:
    """Signs Ann out everywhere else, also at the other node."""
    async with open_staff(node, ANN) as ann:
        words = {"current": PASSWORD, "new": "another four good words"}
        answer = await ann.client.put("/api/me/password", json=words)
        assert answer.is_success, answer.text


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
    async with chatting(nodes) as town:
        await town.until_all(degraded=True)
        await town.exchange("without a bus")
        redis_server.start()
        await town.until_all(degraded=False)
        await town.exchange("afterwards")
        await town.check()
