"""What every implementation of the limits promises: a burst, a rate, and one bucket for all."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from chatserver.broker.buckets import Buckets, MemoryBuckets, Size
from chatserver.broker.redis_buckets import RedisBuckets
from chatserver.clock import SystemClock
from tests.support.clock import FakeClock

# Nothing is refilled while a test runs.
STILL = Size(rate=0.001, burst=3)
QUICK = Size(rate=20, burst=1)


def open_redis(url: str, prefix: str) -> RedisBuckets:
    alone = MemoryBuckets(SystemClock())
    buckets = RedisBuckets(url, prefix=prefix, secret="k" * 40, alone=alone)
    buckets.open()
    return buckets


async def opened(buckets: RedisBuckets) -> RedisBuckets:
    async with asyncio.timeout(10):
        await buckets.shared.wait()
    return buckets


@pytest.fixture(params=["memory", "redis"])
async def buckets(request: pytest.FixtureRequest) -> AsyncIterator[Buckets]:
    if request.param == "memory":
        yield MemoryBuckets(SystemClock())
        return
    url, prefix = (request.getfixturevalue(name) for name in ("redis_url", "bus_prefix"))
    shared = await opened(open_redis(url, prefix))
    yield shared
    await shared.close()


async def test_a_burst_passes_and_then_there_is_a_wait(buckets):
    assert [await buckets.take("ann", STILL) for _ in range(3)] == [0, 0, 0]
    assert 990 <= await buckets.take("ann", STILL) <= 1000
    assert await buckets.take("bob", STILL) == 0


async def test_who_waits_as_long_as_told_gets_a_token(buckets):
    assert await buckets.take("ann", QUICK) == 0
    wait = await buckets.take("ann", QUICK)
    assert 0 < wait <= 0.05
    await asyncio.sleep(wait)
    assert await buckets.take("ann", QUICK) == 0


async def test_many_at_once_get_no_more_than_there_is(buckets):
    waits = await asyncio.gather(*(buckets.take("ann", STILL) for _ in range(50)))
    assert waits.count(0) == 3


async def test_what_is_given_back_can_be_taken_again_but_never_more_than_a_burst(buckets):
    await buckets.take("ann", STILL)
    for _ in range(5):
        await buckets.give_back("ann", STILL)
    waits = [await buckets.take("ann", STILL) for _ in range(4)]
    assert waits.count(0) == 3


async def test_a_filled_bucket_forgets(buckets):
    for _ in range(4):
        await buckets.take("ann", STILL)
    await buckets.fill("ann")
    assert await buckets.take("ann", STILL) == 0


async def test_memory_is_bounded_however_many_ask():
    buckets = MemoryBuckets(FakeClock(), most_keys=10)
    for number in range(100):
        await buckets.take(f"{number}", STILL)
    assert len(buckets) == 10


async def test_two_nodes_draw_from_one_bucket(redis_url, bus_prefix):
    here, there = [await opened(open_redis(redis_url, bus_prefix)) for _ in range(2)]
    waits = await asyncio.gather(
        *(node.take("ann", STILL) for node in (here, there) for _ in range(5))
    )
    assert waits.count(0) == 3
    await here.close()
    await there.close()


async def test_without_redis_a_node_counts_for_itself_and_shares_again_later(redis_server):
    buckets = await opened(open_redis(redis_server.url, "chat"))
    await buckets.take("ann", STILL)
    redis_server.kill()
    waits = [await buckets.take("ann", STILL) for _ in range(4)]
    assert waits.count(0) == 3
    redis_server.start()
    await opened(buckets)
    assert await buckets.take("ann", STILL) == 0
    await buckets.close()


async def test_a_redis_that_is_full_or_frozen_locks_nobody_out(redis_server):
    buckets = await opened(open_redis(redis_server.url, "chat"))
    redis_server.command("CONFIG", "SET", "maxmemory", 1)
    assert await buckets.take("ann", STILL) == 0
    redis_server.command("CONFIG", "SET", "maxmemory", 0)
    await opened(buckets)
    redis_server.freeze()
    assert await buckets.take("bob", STILL) == 0
    redis_server.thaw()
    await buckets.close()


async def test_a_caller_who_gives_up_leaves_no_answer_to_the_next(redis_server):
    buckets = await opened(open_redis(redis_server.url, "chat"))
    redis_server.command("CLIENT", "PAUSE", 300)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await buckets.take("ann", Size(rate=0.001, burst=0.5))  # its answer is a wait
    assert await buckets.take("bob", STILL) == 0
    await buckets.close()


async def test_nothing_in_redis_tells_who_is_bounded_and_it_ends_by_itself(redis_server):
    buckets = await opened(open_redis(redis_server.url, "chat"))
    await buckets.take("sign-in:192.0.2.7", STILL)
    [key] = redis_server.command("KEYS", "*")
    assert key.startswith(b"chat:limit:")
    assert b"192" not in key
    assert 0 < redis_server.command("PTTL", key.decode()) <= 1_001_000
    await buckets.close()
