"""What several nodes stand on: a PostgreSQL and a Redis of one town alone, to be broken with it."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from sqlalchemy.engine import make_url

from tests.prove_long.plan import Plan
from tests.support import postgres, redis
from tests.support.postgres import PostgresServer
from tests.support.redis import RedisServer

# What an installation has that keeps its promises: an acknowledged message is on the disk.
DURABLE = ("fsync=on", "synchronous_commit=on", "max_connections=100")


@dataclass(frozen=True)
class Shared:
    """`plan` says where they are. To a server that was given nothing is done: it is not ours."""

    plan: Plan
    postgres: PostgresServer | None = None
    redis: RedisServer | None = None


@asynccontextmanager
async def open_shared(plan: Plan) -> AsyncIterator[Shared]:
    """One process without a word about servers needs none: it has its file."""
    if plan.nodes == 1 and not (plan.database_url or plan.redis_url):
        yield Shared(plan)
        return
    own_postgres = own_redis = None
    async with AsyncExitStack() as stack:
        database_url, redis_url = plan.database_url, plan.redis_url
        if database_url:
            database_url = await _lent_database(database_url, stack)
        else:
            own_postgres = stack.enter_context(postgres.own_server(*DURABLE))
            url = await postgres.create_database(own_postgres.url, "town")
            database_url = url.render_as_string(hide_password=False)
        if not redis_url:
            own_redis = stack.enter_context(redis.own_server())
            redis_url = own_redis.url
        named = {"secret_key": secrets.token_urlsafe(48), "redis_prefix": secrets.token_hex(4)}
        there = replace(
            plan,
            database_url=database_url,
            redis_url=redis_url,
            settings={**plan.settings, **named, "trusted_proxies": "127.0.0.1"},
        )
        yield Shared(there, own_postgres, own_redis)


async def _lent_database(url: str, stack: AsyncExitStack) -> str:
    """A new one on that server, because each town begins with an empty one."""
    server = make_url(url)
    name = f"town_{secrets.token_hex(4)}"
    made = await postgres.create_database(server, name)
    stack.push_async_callback(postgres.drop_database, server, name)
    return made.render_as_string(hide_password=False)
