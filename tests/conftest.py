"""The named world on real databases, and two promises that every test keeps by itself: a row equals
the replay of its facts, and no statement on a tenant's table forgets the tenant."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import structlog
from sqlalchemy import event
from sqlalchemy.engine import URL, Engine

from chatserver.broker.base import Broker
from chatserver.broker.memory import MemoryBroker
from chatserver.broker.redis import RedisBroker
from chatserver.storage.database import Database, open_database
from chatserver.storage.migrate import migrate
from tests.support import postgres, redis
from tests.support.clock import FakeClock
from tests.support.nodes import OpenBroker
from tests.support.replay import check_rows_equal_replay
from tests.support.tenancy import EXEMPT, missing_tenants
from tests.support.world import Spine, furnish, open_spine

# Several test processes may share one server.
TEMPLATE = f"chatserver_{os.getpid()}"
CI = bool(os.environ.get("CI"))

# The same examples in every run: a test that fails sometimes is broken. A busy machine is not slow.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.load_profile("house")

# Its default draws a picture of every local variable of every frame, half a second each.
structlog.configure(
    processors=[structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
)

_numbers = count(1)
_forgotten: list[str] = []


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


# Databases. A module or a test that needs only one engine parametrizes `engine` indirectly.


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest) -> str:
    """The address of a migrated and furnished database of this test alone."""
    url: str = request.getfixturevalue(f"{engine}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The named world, on the engine of this test. After the test, rows must equal their replay."""
    opened = open_database(database_url)
    try:
        yield opened
        await check_rows_equal_replay(opened)
    finally:
        await opened.close()


@pytest.fixture
async def spine(database: Database, clock: FakeClock) -> AsyncIterator[Spine]:
    """Conversations at work on the named world."""
    async with open_spine(database, clock) as opened:
        yield opened


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    file = tmp_path / "chat.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
async def postgresql_url(postgres_template: URL) -> AsyncIterator[str]:
    name = f"{TEMPLATE}_{next(_numbers)}"
    url = await postgres.create_database(postgres_template, name, TEMPLATE)
    yield url.render_as_string(hide_password=False)
    await postgres.drop_database(postgres_template, name)


@pytest.fixture
async def empty_url(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[str]:
    """The address of a database without any table."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: URL = request.getfixturevalue("postgres_server")
    name = f"{TEMPLATE}_{next(_numbers)}"
    url = await postgres.create_database(server, name)
    yield url.render_as_string(hide_password=False)
    await postgres.drop_database(server, name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    postgres.run_apart(_prepare(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_server: URL) -> URL:
    """The server, with the furnished template on it."""
    postgres.run_apart(_make_template(postgres_server))
    return postgres_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    if not postgres.is_available():
        if CI:
            pytest.fail("PostgreSQL is missing; CI may leave nothing out")
        pytest.skip("no PostgreSQL on this machine")
    with postgres.postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis that tests share: each takes a prefix of its own and breaks nothing."""
    _require_redis()
    with redis.shared_server() as url:
        yield url


@pytest.fixture
def bus_prefix() -> str:
    """Keeps the buses of tests apart that share a Redis, also over several test processes."""
    return f"{TEMPLATE}_{next(_numbers)}"


@pytest.fixture
async def open_bus(engine: str, request: pytest.FixtureRequest) -> AsyncIterator[OpenBroker]:
    """Opens a node's way to the others: with SQLite they all share this process, with PostgreSQL
    each has its own connections to Redis."""
    opened: list[Broker] = []

    async def open_one(name: str) -> Broker:
        if engine == "sqlite" and opened:
            return opened[0]
        if engine == "sqlite":
            opened.append(MemoryBroker(asyncio.get_running_loop().call_soon))
            return opened[0]
        url, prefix = (request.getfixturevalue(one) for one in ("redis_url", "bus_prefix"))
        broker = RedisBroker(url, prefix=prefix, node=name)
        opened.append(broker)
        await broker.open()
        return broker

    yield open_one
    for broker in opened:
        await broker.close()


@pytest.fixture
def redis_server() -> Iterator[redis.RedisServer]:
    """A Redis of this test alone, to be killed and filled."""
    _require_redis()
    with redis.own_server() as server:
        yield server


def _require_redis() -> None:
    if redis.is_available():
        return
    if CI:
        pytest.fail("Redis is missing; CI may leave nothing out")
    pytest.skip("no Redis on this machine")


async def _make_template(server: URL) -> None:
    await postgres.drop_database(server, TEMPLATE)
    url = await postgres.create_database(server, TEMPLATE)
    await _prepare(url.render_as_string(hide_password=False))


async def _prepare(url: str) -> None:
    opened = open_database(url)
    try:
        await migrate(opened)
        await furnish(opened)
    finally:
        await opened.close()


# Tenancy


@pytest.fixture(autouse=True)
def tenants_are_named() -> Iterator[None]:
    """Fails a test that ran a statement on a tenant's table without naming the tenant."""
    _forgotten.clear()
    yield
    assert _forgotten == [], "statements that forget the tenant: see tests/support/tenancy.py"


@event.listens_for(Engine, "before_execute")
def _watch(
    _connection: Any, statement: Any, _many: Any, _one: Any, options: dict[str, Any]
) -> None:
    if not options.get(EXEMPT) and missing_tenants(statement):
        _forgotten.append(str(statement))
