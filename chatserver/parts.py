"""Opens and wires what every way of running the service needs: store, bus, people, the spine."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from chatserver.broker.base import Broker
from chatserver.broker.buckets import Buckets
from chatserver.broker.opening import open_broker, open_buckets
from chatserver.clock import Clock, SystemClock
from chatserver.config import Settings
from chatserver.conversation.outcome import Commit
from chatserver.conversation.service import Conversations
from chatserver.conversation.transitions import Rules
from chatserver.errors import Unavailable
from chatserver.identity import service as identity
from chatserver.identity.directory import Directory
from chatserver.identity.service import Identity
from chatserver.ids import Ids, RandomIds
from chatserver.realtime.arrivals import Arrivals
from chatserver.realtime.crowd import Crowd
from chatserver.realtime.doorplate import Doorplate
from chatserver.realtime.draining import Draining
from chatserver.realtime.hints import BUS_TOPIC, CertaintyHint
from chatserver.realtime.hub import Hub
from chatserver.realtime.inbox import InboxFeed
from chatserver.realtime.marks import Marks
from chatserver.realtime.neighbours import Neighbours
from chatserver.realtime.places import Places
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
        self.supervisor.keep("seen", self.identity.visitors.seen.run)

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
    database = open_database(
        settings.database, clock, ids, connections=settings.database_connections
    )
    supervisor = Supervisor()
    try:
        await migrate(database)
        with contextlib.suppress(Unavailable):  # the guard was told, and the probe will do it
            await database.recognize()
        node = ids.new()
        async with (
            open_broker(settings, node) as broker,
            open_buckets(settings, clock) as buckets,
        ):
            ground = _Ground(node, settings, clock, ids, database, broker, buckets, supervisor)
            parts = _wire(ground)
            try:
                yield parts
            finally:
                await supervisor.close()
                await parts.leave()
    finally:
        await database.close()


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
    """What everything else stands on. `node` names this process among those that share a bus."""

    node: str
    settings: Settings
    clock: Clock
    ids: Ids
    database: Database
    broker: Broker
    buckets: Buckets
    supervisor: Supervisor


def _wire(ground: _Ground) -> Parts:
    settings, clock, ids = ground.settings, ground.clock, ground.ids
    database, broker = ground.database, ground.broker
    commits = Commits(Relay(broker))
    conversations = Conversations(
        database=database,
        clock=clock,
        ids=ids,
        rules=Rules(
            reopen_within=timedelta(hours=settings.reopen_hours),
            rate_within=timedelta(hours=settings.rating_hours),
        ),
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
        neighbours=_neighbours(ground, realtime, draining),
    )


def _realtime(ground: _Ground, people: Identity, conversations: Conversations) -> Services:
    settings, database, broker = ground.settings, ground.database, ground.broker
    hub, directory = Hub(broker), Directory()
    presence = Presence(broker, hub, asyncio.get_running_loop().call_later, ground.clock)
    rows = RowReader(database, directory, presence)
    marks, wheel = Marks(conversations, database.guard), Wheel(ground.clock)
    wheel.add(marks.ticked)
    crowd = Crowd(node=settings.connections_per_node, address=settings.connections_per_address)

    def arrivals() -> Arrivals:
        return Arrivals(
            at_once=settings.arrivals_at_once,
            wait_seconds=settings.arrival_wait_seconds,
            monotonic=ground.clock.monotonic,
            refused=lambda: crowd.traffic.refused.update(["arrivals"]),
        )

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
        marks=marks,
        directory=directory,
        rows=rows,
        inbox=InboxFeed(hub, rows, ground.supervisor),
        crowd=crowd,
        visitor_arrivals=arrivals(),
        agent_arrivals=arrivals(),
        places=Places(ground.node, broker, ground.clock) if settings.redis_url else crowd,
        doorplate=Doorplate(database=database, hub=hub, now=ground.clock.now),
        polls=Polls(),
        wheel=wheel,
        supervisor=ground.supervisor,
    )


def _neighbours(ground: _Ground, realtime: Services, draining: Draining) -> Neighbours:
    neighbours = Neighbours(
        ground.node,
        broker=ground.broker,
        presence=realtime.presence,
        witness=Witness(ground.node, ground.database, ground.clock),
        clock=ground.clock,
        is_draining=lambda: draining.has_begun,
    )
    neighbours.changed.append(lambda: realtime.hub.tell(BUS_TOPIC, CertaintyHint()))
    if isinstance(realtime.places, Places):
        neighbours.gone.append(realtime.places.forget)
    return neighbours


def _tail(realtime: Services) -> Tail:
    tail = Tail(
        database=realtime.database,
        broker=realtime.broker,
        hub=realtime.hub,
        inbox=realtime.inbox,
        seconds=realtime.settings.tail_seconds,
    )
    tail.began_anew = realtime.crowd.resync
    tail.heeds["hours.changed"] = realtime.doorplate.changed
    return tail
