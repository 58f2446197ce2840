"""What befalls the town: lives and deaths of nodes, and what networks do to single connections."""

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
from tests.prove_long.plan import Plan

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
RECOVER_SECONDS = 25.0
DRAIN_SECONDS = 40.0
FREEZE_SECONDS = (5.0, 20.0)
# The share that may still be away when the next thing happens; they are timed all the same.
FEW = 0.01


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


# On a server's database these are somebody else's faults.
OF_A_FILE = ("store locked 10 s", "copy of db + wal, recovered")


def shuffled(random: Random, plan: Plan) -> "deque[Life]":
    lives = [life for life in LIVES if not (plan.database_url and life.name in OF_A_FILE)]
    random.shuffle(lives)
    # Deaths at named places come in a row: who dies at one is started to die at the next.
    return deque(sorted(lives, key=lambda life: life.failpoint is None))


class Fates:
    """Plays lives on nodes for as long as it is asked to."""

    def __init__(self, town: "Town", deck: "deque[Life]") -> None:
        self._town, self._deck = town, deck
        self._armed: tuple[Node, Failpoint] | None = None

    async def play(self, until: float) -> None:
        town = self._town
        while town.pace.now < until:
            if not self._deck:
                self._deck.extend(shuffled(town.random, town.plan))
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
                return await self._restart(node)
            case "SIGSTOP 5-20 s, SIGCONT":
                return await self._freeze(node)
            case "store locked 10 s":
                return await self._lock()
            case "copy of db + wal, recovered":
                return await check_copy(self._town, node)
            case "client storm":
                return await self._storm()
            case _:
                return await flood(self._town, node)

    async def _die_at(self, place: Failpoint, node: Node) -> bool:
        """The node is started anew if need be, because only so it learns where to die."""
        if self._armed != (node, place):
            await node.kill()
            self._disturb("node killed", node)
            await self._start(node, place)
        if place is Failpoint.DURING_DRAIN:
            await self._recovered("node killed")
            node.terminate()
        has_died = await node.died(REACH_SECONDS)
        if not has_died:
            await node.kill()
        self._disturb("node killed", node)
        await self._start(node, self._next_place())
        await self._recovered("node killed")
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
        await node.start(self._somewhere_at(place) if place else "")
        self._mend("node killed", node)

    def _somewhere_at(self, place: Failpoint) -> str:
        """One of the first clients to be sent away, or any of its first passages."""
        town = self._town
        if place is Failpoint.DURING_DRAIN:
            return f"{place}:{town.random.randint(1, 5)}"
        low, high = (round(each * town.plan.visitors) for each in OCCURRENCES[place])
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
        await self._recovered("node killed")
        return True

    async def _restart(self, node: Node) -> bool:
        """As a deploy does it: SIGTERM, drain, the next version starts."""
        node.terminate()
        self._disturb("node drained", node)
        has_ended = await node.died(DRAIN_SECONDS)
        if not has_ended:
            await node.kill()
        await node.start()
        self._mend("node drained", node)
        await self._recovered("node drained")
        return has_ended

    async def _freeze(self, node: Node) -> bool:
        self._disturb("node frozen", node)
        node.freeze()
        await asyncio.sleep(self._town.random.uniform(*FREEZE_SECONDS))
        node.thaw()
        self._mend("node frozen", node)
        await self._recovered("node frozen")
        return True

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
        await self._recovered("store locked")
        return True

    async def _storm(self) -> bool:
        """Every connection of every client breaks at the same moment."""
        town = self._town
        for onlooker in town.onlookers:
            onlooker.cut_off("client storm")
        for node in town.nodes:
            node.proxy.reset_all()
        await self._recovered("client storm")
        return True

    def _disturb(self, kind: str, node: Node) -> None:
        for onlooker in self._town.onlookers:
            if onlooker.line is None or onlooker.line.node is node:
                onlooker.disturbed(kind, is_over=False)

    def _mend(self, kind: str, node: Node) -> None:
        for onlooker in self._town.onlookers:
            if onlooker.line is None or onlooker.line.node is node:
                onlooker.mended(kind)

    async def _recovered(self, kind: str) -> None:
        """Until nearly all are back: two faults at once tell nothing of how long one takes."""
        town = self._town
        end = town.pace.now + RECOVER_SECONDS
        while town.pace.now < end:
            await town.breathe()
            onlookers = town.onlookers
            suffering = sum(onlooker.suffers_from(kind) for onlooker in onlookers)
            if suffering <= FEW * len(onlookers):
                return
            if not all(node.service.is_alive for node in town.nodes):
                return  # the next death came before everybody was back from the last one
