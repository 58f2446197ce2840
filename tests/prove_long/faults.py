"""What befalls the town as a whole: lives and deaths of its nodes, and of what they stand on."""

import asyncio
import sqlite3
from collections import deque
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from chatserver.failpoint import Failpoint
from tests.prove_long.copies import check_copy
from tests.prove_long.flood import flood
from tests.prove_long.node import Node
from tests.prove_long.onlooker import Onlooker
from tests.prove_long.server_faults import OF_POSTGRES, OF_REDIS, ServerFaults
from tests.prove_long.shared import Shared
from tests.support.running import Died

if TYPE_CHECKING:
    from tests.prove_long.town import Town

# After how many passages for each visitor a node dies: within the first ten seconds of traffic.
OCCURRENCES = {
    Failpoint.BEFORE_BEGIN: (0.5, 6.0),
    Failpoint.INSIDE_BATCH: (0.5, 5.0),
    Failpoint.AFTER_INSERT: (0.5, 6.0),
    Failpoint.AFTER_COMMIT: (0.5, 6.0),
    Failpoint.AFTER_HINT: (0.5, 6.0),
    Failpoint.AFTER_REPLY: (1.0, 12.0),
    Failpoint.MID_CATCH_UP: (0.01, 1.2),
}
LOCK_SECONDS = 10.0
REACH_SECONDS = 20.0
DRAIN_SECONDS = 40.0
FREEZE_SECONDS = (5.0, 20.0)


@dataclass(frozen=True)
class Life:
    """What happens to a node between its start and its end."""

    name: str
    failpoint: Failpoint | None = None


LIVES = (
    *(Life(f"kill -9 at {place}", place) for place in OCCURRENCES),
    Life("kill -9 at during-drain", Failpoint.DURING_DRAIN),
    Life("kill -9"),
    Life("rolling restart"),
    Life("SIGSTOP 5-20 s, SIGCONT"),
    Life("store locked 10 s"),
    Life("copy of db + wal, recovered"),
    Life("client storm"),
    Life("1,000 messages/s from one visitor"),
)
BY_NAME = {life.name: life for life in (*LIVES, *map(Life, (*OF_POSTGRES, *OF_REDIS)))}


OF_A_FILE = ("store locked 10 s", "copy of db + wal, recovered")


def shuffled(random: Random, shared: Shared) -> "deque[Life]":
    """What may befall this town; to servers that were given nothing is done."""
    of_servers = [
        *(OF_POSTGRES if shared.postgres else ()),
        *(OF_REDIS if shared.redis else ()),
    ]
    has_file = not shared.plan.database_url
    lives = [life for life in LIVES if has_file or life.name not in OF_A_FILE]
    lives += [Life(name) for name in of_servers]
    lives = [life for life in lives if shared.plan.only in life.name]
    random.shuffle(lives)
    # Deaths at named places come in a row: who dies at one is started to die at the next.
    return deque(sorted(lives, key=lambda life: life.failpoint is None))


class Fates:
    """Plays lives on nodes for as long as it is asked to."""

    def __init__(self, town: "Town", deck: "deque[Life]") -> None:
        self._town, self._deck = town, deck
        self._servers = ServerFaults(town)
        self._armed: tuple[Node, Failpoint] | None = None

    async def play(self, until: float) -> None:
        town = self._town
        while town.pace.now < until:
            if not self._deck:
                self._deck.extend(shuffled(town.random, town.shared))
            life = self._deck.popleft()
            node = self._armed[0] if self._armed else town.random.choice(town.nodes)
            if await self._live(life, node):
                town.faults[life.name] += 1
            else:
                self._deck.append(life)  # it never came to it: again, later
            if self._armed is None:
                await asyncio.sleep(town.plan.rest_seconds)
        if self._armed is not None:
            await self._disarm(self._armed[0])

    async def _live(self, life: Life, node: Node) -> bool:
        """Whether it happened as it was meant to."""
        if life.failpoint is not None:
            return await self._die_at(life.failpoint, node)
        match life.name:
            case "kill -9":
                return await self._die_soon(node)
            case "rolling restart":
                return await self._roll()
            case "SIGSTOP 5-20 s, SIGCONT":
                return await self._freeze(node)
            case "store locked 10 s":
                return await self._lock()
            case "copy of db + wal, recovered":
                return await check_copy(self._town, node)
            case "client storm":
                return await self._storm()
            case "1,000 messages/s from one visitor":
                return await flood(self._town, node.door)
            case name:
                return await self._servers.play(name)

    async def _die_at(self, place: Failpoint, node: Node) -> bool:
        """The node is started anew if need be, because only so it learns where to die."""
        if self._armed != (node, place):
            await node.kill()
            self._disturb("node killed", node)
            await self._start(node, place)
        if place is Failpoint.DURING_DRAIN:
            await self._town.recovered("node killed")
            node.terminate()
        has_died = await node.died(REACH_SECONDS)
        if not has_died:
            await node.kill()
        self._disturb("node killed", node)
        await self._start(node, self._next_place())
        await self._town.recovered("node killed")
        return has_died

    def _next_place(self) -> Failpoint | None:
        """Where the next death is due, unless there is a rest before it."""
        has_rest = self._town.plan.rest_seconds > 0
        return self._deck[0].failpoint if self._deck and not has_rest else None

    async def _disarm(self, node: Node) -> None:
        await node.kill()
        self._disturb("node killed", node)
        await self._start(node, None)

    async def _start(self, node: Node, place: Failpoint | None) -> None:
        """`place`: where this life is going to end, in the next seconds."""
        self._armed = (node, place) if place else None
        try:
            await node.start(self._somewhere_at(place) if place else "")
        except Died:
            if place is None:
                raise
            return  # nginx sent somebody before it could say that it is there
        self._mend("node killed", node)

    def _somewhere_at(self, place: Failpoint) -> str:
        """One of the first clients to be sent away, or any of its first passages."""
        town = self._town
        if place is Failpoint.DURING_DRAIN:
            return f"{place}:{town.random.randint(1, 5)}"
        here = town.plan.visitors / town.plan.nodes
        low, high = (round(each * here) for each in OCCURRENCES[place])
        return f"{place}:{town.random.randint(max(1, low), max(2, high))}"

    async def _die_soon(self, node: Node) -> bool:
        """Three deaths, seconds apart."""
        random = self._town.random
        for _ in range(3):
            await asyncio.sleep(random.uniform(1, 5))
            await node.kill()
            self._disturb("node killed", node)
            await node.start()
            self._mend("node killed", node)
            self._town.faults["kill -9, each after 1-5 s"] += 1
        await self._town.recovered("node killed")
        return True

    async def _roll(self) -> bool:
        """As a deploy does it, one node after the other."""
        ended = [await self._restart(node) for node in self._town.nodes]
        return all(ended)

    async def _restart(self, node: Node) -> bool:
        """SIGTERM, drain, the next version starts."""
        node.terminate()
        self._disturb("node drained", node)
        has_ended = await node.died(DRAIN_SECONDS)
        if not has_ended:
            await node.kill()
        await node.start()
        self._mend("node drained", node)
        await self._town.recovered("node drained")
        return has_ended

    async def _freeze(self, node: Node) -> bool:
        self._disturb("node frozen", node)
        node.freeze()
        end = self._town.pace.now + self._town.random.uniform(*FREEZE_SECONDS)
        while self._town.pace.now < end:
            await self._town.breathe()
            self._blame_freeze()
        node.thaw()
        self._mend("node frozen", node)
        await self._town.recovered("node frozen")
        return True

    def _blame_freeze(self) -> None:
        """A frozen process takes connections and answers none, and a proxy that asks nobody how
        they are sends people there. Who dials for that long has met it."""
        for onlooker in self._town.onlookers:
            if onlooker.line is not None and onlooker.line.waits_for_long:
                onlooker.blame("node frozen")

    async def _lock(self) -> bool:
        """Somebody holds the one writer's lock of the file, as a careless backup would."""
        town = self._town
        for onlooker in town.onlookers:
            onlooker.disturbed("store locked", is_over=False)
        connection = sqlite3.connect(town.folder / "chat.db", timeout=10, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(LOCK_SECONDS)
        connection.execute("ROLLBACK")
        connection.close()
        for onlooker in town.onlookers:
            onlooker.mended("store locked")
        await self._town.recovered("store locked")
        return True

    async def _storm(self) -> bool:
        """Every connection of every client breaks at the same moment."""
        town = self._town
        for onlooker in town.onlookers:
            onlooker.cut_off("client storm")
        for door in town.doors:
            door.proxy.reset_all()
        await self._town.recovered("client storm")
        return True

    def _disturb(self, kind: str, node: Node) -> None:
        """Where there are others, nobody has to wait for this one: recovery counts from now."""
        for onlooker in self._of(node):
            if self._has_others(kind):
                onlooker.cut_off(kind)
            else:
                onlooker.disturbed(kind, is_over=False)

    def _mend(self, kind: str, node: Node) -> None:
        if not self._has_others(kind):
            for onlooker in self._of(node):
                onlooker.mended(kind)

    def _has_others(self, kind: str) -> bool:
        return len(self._town.nodes) > 1 and kind != "node frozen"

    def _of(self, node: Node) -> list[Onlooker]:
        """Whom this node serves, as far as is known."""
        return [
            onlooker
            for onlooker in self._town.onlookers
            if onlooker.line is None or onlooker.line.node == node.port
        ]
