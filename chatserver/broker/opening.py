"""Which broker and which limits the settings ask for, opened and closed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chatserver.broker.base import Broker
from chatserver.broker.buckets import Buckets, MemoryBuckets
from chatserver.broker.memory import MemoryBroker
from chatserver.broker.redis import RedisBroker
from chatserver.broker.redis_buckets import RedisBuckets
from chatserver.clock import Clock
from chatserver.config import Settings


@asynccontextmanager
async def open_broker(settings: Settings, node: str) -> AsyncIterator[Broker]:
    """`node` names this process among those that share a Redis."""
    broker: MemoryBroker | RedisBroker
    if settings.redis_url:
        broker = RedisBroker(settings.redis_url, prefix=settings.redis_prefix, node=node)
        await broker.open()
    else:
        broker = MemoryBroker(asyncio.get_running_loop().call_soon)
    try:
        yield broker
    finally:
        await broker.close()


@asynccontextmanager
async def open_buckets(settings: Settings, clock: Clock) -> AsyncIterator[Buckets]:
    """Those of all nodes, or of this process."""
    alone = MemoryBuckets(clock)
    if not settings.redis_url:
        yield alone
        return
    prefix, secret = settings.redis_prefix, settings.secret_key
    shared = RedisBuckets(settings.redis_url, prefix=prefix, secret=secret, alone=alone)
    shared.open()
    try:
        yield shared
    finally:
        await shared.close()
