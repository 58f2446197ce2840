"""Opens and wires what every way of running the service needs: store, bus, people, the spine."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from chatserver.broker.base import Broker
from chatserver.broker.buckets import Buckets, MemoryBuckets
from chatserver.broker.memory import MemoryBroker
from chatserver.broker.redis import RedisBroker
from chatserver.broker.redis_buckets import RedisBuckets
from chatserver.clock import Clock, SystemClock
from chatserver.config import Settings
from chatserver.conversation.outcome import Commit
from chatserver.conversation.service import Conversations
from chatserver.conversation.transitions import Rules
from chatserver.identity import service as identity
from chatserver.identity.directory import Directory
from chatserver.identity.service import Identity
from chatserver.ids import Ids, RandomIds
from chatserver.realtime.crowd import Crowd
from chatserver.realtime.draining import Draining
from chatserver.realtime.hub import Hub
from chatserver.realtime.inbox import InboxFeed
from chatserver.realtime.neighbours import Neighbours
from chatserver.realtime.polls import Polls
from chatserver.realtime.presence import Presence
from chatserver.realtime.relay import Relay
from chatserver.realtime.rows import RowReader
from chatserver.realtime.services import Services
from chatserver.realtime.tail import Tail
from chatserver.realtime.wheel import Wheel
from chatserver.realtime.witness import Witness
from chatserver.storage.database import Database, open_database
from chatserver.storage.migrate import migrate
from chatserver.storage.watch import Watch
from chatserver.tasks import Supervisor
from chatserver.web.addresses import Addresses

SECRET_FILE = "secret.key"


@dataclass(frozen=True, slots=True)
class Parts:
    """The spine, wired. Nothing runs yet but what `start` starts."""

    settings: Settings
    clock: Clock
    ids: Ids
    database: Database
    broker: Broker
    buckets: Buckets
    identity: Identity
    directory: Directory
    conversations: Conversations
    realtime: Services
    tail: Tail
    watch: Watch
    supervisor: Supervisor
    commits: "Commits"
    draining: Draining
    neighbours: Neighbours

    def start(self) -> None:
        """Begins to commit, to tick, to tail, and to look after the database."""
        self.supervisor.keep("commits", self.conversations.run)
        self.supervisor.keep("wheel", self.realtime.wheel.run)
        self.supervisor.keep("tail", self.tail.run)
        self.supervisor.keep("storage", self.watch.run)

    async def meet(self) -> None:
        """Joins the other nodes, where there can be any."""
        if self.settings.redis_url:
            await self.neighbours.meet()
            self.supervisor.keep("neighbours", self.neighbours.run)

    async def leave(self) -> None:
        """The other nodes need not wait for us."""
        if self.settings.redis_url:
            await self.neighbours.leave()


class Commits:
    """Who is told what was committed: the relay, and whoever joined later."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._wakes: list[asyncio.Event] = []

    def announce(self, commit: Commit) -> None:
        self._relay.announce(commit)
        for wake in self._wakes:
            wake.set()

    def wake(self, event: asyncio.Event) -> None:
        """Sets an event after every commit from now on."""
        self._wakes.append(event)


@asynccontextmanager
async def open_parts(
    settings: Settings, *, clock: Clock | None = None, ids: Ids | None = None
) -> AsyncIterator[Parts]:
    """Opens the database, brings it to the current schema, wires the rest; closes in order."""
    clock, ids = clock or SystemClock(), ids or RandomIds()
    settings = with_secret_key(settings)
    database = open_database(settings.database, clock)
    supervisor = Supervisor()
    try:
        await migrate(database)
        node = ids.new()
        async with (
            _open_broker(settings, node) as broker,
            _open_buckets(settings, clock) as buckets,
        ):
            ground = _Ground(settings, clock, ids, database, broker, buckets, supervisor)
            parts = _wire(ground, node)
            try:
                yield parts
            finally:
                await supervisor.close()
                await parts.leave()
    finally:
        await database.close()


@asynccontextmanager
async def _open_broker(settings: Settings, node: str) -> AsyncIterator[Broker]:
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
async def _open_buckets(settings: Settings, clock: Clock) -> AsyncIterator[Buckets]:
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


def with_secret_key(settings: Settings) -> Settings:
    """The settings with a key: the given one, else the one kept in the data folder, made once."""
    if settings.secret_key:
        return settings
    path = Path(settings.data_dir) / SECRET_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return replace(settings, secret_key=path.read_text(encoding="utf-8").strip())
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(key := secrets.token_urlsafe(48))
    return replace(settings, secret_key=key)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What everything else stands on."""

    settings: Settings
    clock: Clock
    ids: Ids
    database: Database
    broker: Broker
    buckets: Buckets
    supervisor: Supervisor


def _wire(ground: _Ground, node: str) -> Parts:
    settings, clock, ids = ground.settings, ground.clock, ground.ids
    database, broker = ground.database, ground.broker
    commits = Commits(Relay(broker))
    conversations = Conversations(
        database=database,
        clock=clock,
        ids=ids,
        rules=Rules(reopen_within=timedelta(hours=settings.reopen_hours)),
        announce=commits.announce,
    )
    people = identity.build(database, broker, settings, clock, ids)
    realtime = _realtime(ground, people, conversations)
    draining = Draining(
        realtime.crowd, seconds=settings.drain_seconds, random=secrets.SystemRandom().random
    )
    return Parts(
        settings=settings,
        clock=clock,
        ids=ids,
        database=database,
        broker=broker,
        buckets=ground.buckets,
        identity=people,
        directory=realtime.directory,
        conversations=conversations,
        realtime=realtime,
        tail=_tail(realtime),
        watch=Watch(database, folder=Path(settings.data_dir), warn_mb=settings.disk_warn_mb),
        supervisor=ground.supervisor,
        commits=commits,
        draining=draining,
        neighbours=Neighbours(
            node,
            broker=broker,
            presence=realtime.presence,
            witness=Witness(node, database, clock),
            clock=clock,
            is_draining=lambda: draining.has_begun,
        ),
    )


def _realtime(ground: _Ground, people: Identity, conversations: Conversations) -> Services:
    settings, database, broker = ground.settings, ground.database, ground.broker
    hub, directory = Hub(broker), Directory()
    presence = Presence(broker, hub, asyncio.get_running_loop().call_later, ground.clock)
    rows = RowReader(database, directory, presence)
    return Services(
        settings=settings,
        addresses=Addresses(settings.trusted_proxies),
        database=database,
        clock=ground.clock,
        ids=ground.ids,
        broker=broker,
        hub=hub,
        presence=presence,
        identity=people,
        conversations=conversations,
        directory=directory,
        rows=rows,
        inbox=InboxFeed(hub, rows, ground.supervisor),
        crowd=Crowd(node=settings.connections_per_node, address=settings.connections_per_address),
        polls=Polls(),
        wheel=Wheel(ground.clock),
        supervisor=ground.supervisor,
    )


def _tail(realtime: Services) -> Tail:
    return Tail(
        database=realtime.database,
        broker=realtime.broker,
        hub=realtime.hub,
        inbox=realtime.inbox,
        seconds=realtime.settings.tail_seconds,
    )
