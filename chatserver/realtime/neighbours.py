"""Keeps the nodes' pictures of who is here in step, each node's people under a lease.

A node tells what changed, numbered; who misses a number asks for the whole. Nothing of it is stored
in Redis, so a Redis that was emptied takes nobody away. And unknown is not absent: people of a node
that fell silent stay for the length of its lease, which does not run out while we hear nobody at
all, nor while the node still tells the database that it lives.
"""

import asyncio
import logging
from collections.abc import Callable

import msgspec

from chatserver.broker.base import Broker
from chatserver.clock import Clock
from chatserver.realtime.people import (
    NODES,
    Changes,
    Choice,
    Hello,
    Lease,
    People,
    Whole,
    decode_message,
    encode_message,
    node_topic,
)
from chatserver.realtime.presence import Presence
from chatserver.realtime.roll import Key
from chatserver.realtime.witness import Witness

log = logging.getLogger(__name__)

# A lease is renewed every so often and runs out after so long, in seconds: longer than clients of a
# dead node need to notice it and to come back elsewhere, so that nobody flickers.
RENEW_SECONDS = 2.0
LEASE_SECONDS = 45.0
# Changes are collected for a moment: a node that fills up tells of many at once.
GATHER_SECONDS = 0.1
# How long a node that starts waits for what the others say, in seconds.
MEET_SECONDS = 0.3


class _Neighbour:
    """What we know of another node."""

    def __init__(self, now: float) -> None:
        self.number: int | None = None
        self.heard_at = now


class Neighbours:
    """`node` is our own name. While `is_draining` our clients are on their way to other nodes: who
    leaves us has not left."""

    def __init__(
        self,
        node: str,
        *,
        broker: Broker,
        presence: Presence,
        witness: Witness,
        clock: Clock,
        is_draining: Callable[[], bool],
    ) -> None:
        self.node = node
        self._broker = broker
        self._presence = presence
        self._witness = witness
        self._clock = clock
        self._is_draining = is_draining
        self._known: dict[str, _Neighbour] = {}
        self.number = 0
        self._visitors: dict[Key, bool] = {}
        self._agents: dict[Key, bool] = {}
        self._chosen: list[Choice] = []
        self._is_gathering = False
        self._has_met = False
        self._was_degraded = False
        self.gone: list[Callable[[str], None]] = []  # told of nodes that are
        self.changed: list[Callable[[], None]] = []  # told when the bus turned bad or good

    async def meet(self) -> None:
        """Begins to listen and asks everybody; waits a moment for the answers."""
        self._broker.subscribe(NODES, self._heard)
        self._broker.subscribe(node_topic(self.node), self._heard)
        self._presence.share = self
        self._presence.be_certain(False)
        await self._broker.settled()
        await self._greet()

    async def run(self) -> None:
        """Renews our lease and looks after those of the others, until cancelled."""
        while True:
            await self.renew()
            await asyncio.sleep(RENEW_SECONDS)

    async def renew(self) -> None:
        """One round."""
        self._say(NODES, Lease(self.node, self.number))
        self._notice()
        await self._witness.renew()
        await self._look()

    def _notice(self) -> None:
        """A cut that healed since the last round is not worth a word to anybody."""
        if self._broker.degraded != self._was_degraded:
            self._was_degraded = self._broker.degraded
            for tell in self.changed:
                tell()

    def visitor(self, key: Key, *, is_here: bool) -> None:
        if is_here or not self._is_draining():
            self._visitors[key] = is_here
            self._gather()

    def agent(self, key: Key, *, is_here: bool) -> None:
        if is_here or not self._is_draining():
            self._agents[key] = is_here
            self._gather()

    def choice(self, choice: Choice) -> None:
        self._chosen.append(choice)
        self._gather()

    async def leave(self) -> None:
        """Our people come back elsewhere; nobody needs to wait for us longer than the lease."""
        await self._witness.leave()

    async def _greet(self) -> None:
        self._say(NODES, Hello(self.node))
        await asyncio.sleep(MEET_SECONDS)
        self._has_met = not self._broker.degraded
        self._presence.be_certain(self._has_met)

    async def _look(self) -> None:
        if self._broker.degraded:
            for neighbour in self._known.values():
                neighbour.heard_at = self._clock.monotonic()  # it is we who hear nothing
            return
        if not self._has_met:
            await self._greet()
        for node, neighbour in list(self._known.items()):
            if self._clock.monotonic() - neighbour.heard_at > LEASE_SECONDS:
                await self._suspect(node, neighbour)

    async def _suspect(self, node: str, neighbour: _Neighbour) -> None:
        if await self._witness.is_alive(node):
            neighbour.heard_at = self._clock.monotonic()  # cut off from the bus, but at work
            return
        del self._known[node]
        self._presence.replaced_elsewhere(node, People())
        for tell in self.gone:
            tell(node)
        log.info("node gone", extra={"node": node})

    def _gather(self) -> None:
        if not self._is_gathering:
            self._is_gathering = True
            asyncio.get_running_loop().call_later(GATHER_SECONDS, self._tell)

    def _tell(self) -> None:
        self._is_gathering = False
        self.number += 1
        came, left = self._changed(is_here=True), self._changed(is_here=False)
        self._say(NODES, Changes(self.node, self.number, came, left, self._chosen))
        self._visitors, self._agents, self._chosen = {}, {}, []

    def _changed(self, *, is_here: bool) -> People:
        visitors = [key for key, here in self._visitors.items() if here == is_here]
        agents = [key for key, here in self._agents.items() if here == is_here]
        return People(visitors, [(*key, self._presence.name(key)) for key in agents])

    def _heard(self, _topic: str, data: bytes) -> None:
        try:
            message = decode_message(data)
        except msgspec.MsgspecError:
            log.warning("unreadable news of a node")
            return
        if message.node == self.node:
            return
        neighbour = self._known.setdefault(message.node, _Neighbour(self._clock.monotonic()))
        neighbour.heard_at = self._clock.monotonic()
        match message:
            case Hello():
                self._say(node_topic(message.node), self._whole())
                if neighbour.number is None:
                    self._say(node_topic(message.node), Hello(self.node))
            case Lease():
                self._compare(message.node, neighbour, message.number)
            case Changes():
                self._follow(message, neighbour)
            case Whole():
                neighbour.number = message.number
                self._presence.chosen_elsewhere(message.chosen)
                self._presence.replaced_elsewhere(message.node, message.people)

    def _compare(self, node: str, neighbour: _Neighbour, number: int) -> None:
        if neighbour.number != number:
            self._say(node_topic(node), Hello(self.node))

    def _follow(self, changes: Changes, neighbour: _Neighbour) -> None:
        if neighbour.number is None or changes.number != neighbour.number + 1:
            return  # older than the whole, or behind a hole: the next lease shows which
        neighbour.number = changes.number
        self._presence.chosen_elsewhere(changes.chosen)
        self._presence.changed_elsewhere(changes.node, changes.came, changes.left)

    def _whole(self) -> Whole:
        presence = self._presence
        return Whole(self.node, self.number, presence.everybody(), presence.choices())

    def _say(self, topic: str, message: Hello | Lease | Changes | Whole) -> None:
        self._broker.publish(topic, encode_message(message))
