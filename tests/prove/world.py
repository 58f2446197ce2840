"""A small town of nodes, visitors and agents: writes under faults, rests at times until everything
healed, looks at every screen, and goes on."""

from collections import Counter
from dataclasses import dataclass
from typing import BinaryIO

from chatserver.realtime.hints import revocation_topic
from tests.prove.agents import AgentPerson
from tests.prove.chance import Chance, Weather
from tests.prove.checks import Checker
from tests.prove.gate import Gate
from tests.prove.history import Event, History
from tests.prove.judge import compare_rows, look_at_screens
from tests.prove.node import Node
from tests.prove.observer import Witness
from tests.prove.schedule import Schedule
from tests.prove.site import Site
from tests.prove.store import Store
from tests.prove.variants import SOUND, Variant
from tests.prove.visitors import VisitorPerson

NODES, VISITORS, AGENTS = 3, 60, 6
# Messages from one rest to the next: what is missing and then mended by later traffic is a loss all
# the same for whom no more comes.
STRETCH = 1_000
# Healing takes at most a watchdog (35 s), a backoff (20 s), and requests that are not answered. The
# person looks twice: sockets of which only one end knows that they are dead may have taken the
# place of a tab.
REST_SECONDS = (60.0, 90.0)
# How soon an agent whose session ended is told nothing more, in seconds: with the hint, without it.
TOLD, NOT_TOLD = 1.0, 30.0


@dataclass(frozen=True)
class Size:
    messages: int
    nodes: int = NODES
    visitors: int = VISITORS
    agents: int = AGENTS
    stretch: int = STRETCH


class World:
    def __init__(
        self, seed: int, size: Size, variant: Variant = SOUND, file: BinaryIO | None = None
    ) -> None:
        self.size, self.variant = size, variant
        self.schedule = Schedule()
        self.chance = Chance(seed, variant.weather or Weather())
        self.store = Store()
        checks = Checker()
        history = History(checks.see, file)
        self.witness = Witness(self.schedule, self.store, history, checks)
        self.site = Site(self.schedule, self.chance, self.store, variant)
        self.gate = Gate(self.witness, self.site)
        self.nodes = [Node(self.site, number) for number in range(size.nodes)]
        self.agents: list[AgentPerson] = []
        self.visitors: list[VisitorPerson] = []
        self._goal = 0
        for _ in range(size.agents):
            self._hire()
        for number in range(size.visitors):
            self.visitors.append(VisitorPerson(self, f"v{number}"))
        self.schedule.after(1.0, self._second)

    def run(self) -> "World":
        while self._goal < self.size.messages:
            self._goal = min(self._goal + self.size.stretch, self.size.messages)
            while self.may_write():
                self.schedule.run_until(self.schedule.now + 1.0)
            self._rest()
        compare_rows(self)
        self.witness.checks.end()
        return self

    def may_write(self) -> bool:
        return self.witness.written < self._goal

    def padding(self) -> str:
        """Few messages are long; those that are fill the outboxes of slow readers."""
        random = self.chance.random
        return "." * random.randrange(200, 3000) if random.random() < 0.02 else ""

    @property
    def faults(self) -> Counter[str]:
        return self.chance.faults + Counter({"frame lost in flight": self.chance.lost_frames})

    def _rest(self) -> None:
        self.chance.calm = True
        for seconds in REST_SECONDS:
            for visitor in self.visitors:
                visitor.settle()
            self.schedule.run_until(self.schedule.now + seconds)
        look_at_screens(self)
        self.chance.calm = False

    def _hire(self) -> None:
        self.agents.append(AgentPerson(self, f"a{len(self.agents)}"))

    def _second(self) -> None:
        """What befalls the town as a whole."""
        chance, weather = self.chance, self.chance.weather
        self.schedule.after(1.0, self._second)
        if chance.strikes("bus down", weather.bus_down):
            self.site.bus.go_down(chance.between(1, 12))
        if chance.strikes("store away", weather.store_away):
            self.site.go_without_store(chance.between(1, 20))
        if chance.strikes("node drained", weather.drain):
            chance.random.choice(self.nodes).drain()
        if chance.strikes("clock jump of a node", weather.clock_jump):
            chance.random.choice(self.nodes).jump_seconds = chance.between(-3600, 3600)
        if chance.strikes("access revoked", weather.revoke):
            self._revoke()
        if chance.strikes("hostile hello", weather.hostile):
            self._intrude()

    def _revoke(self) -> None:
        """Somebody is signed out in mid-stream; another one takes the place."""
        present = [agent for agent in self.agents if not agent.is_revoked]
        agent = self.chance.random.choice(present)
        agent.is_revoked = True
        del self.store.sessions[agent.session]
        before = self.site.bus.troubles
        node = self.chance.random.choice(self.nodes)
        node.broker.publish(revocation_topic(agent.id), b'{"revoked":null}')
        seconds = TOLD if self.site.bus.troubles == before else NOT_TOLD
        now = self.schedule.now
        self.witness.history.note(Event(now, "access", op="fail", author=agent.id, seconds=seconds))
        self._hire()

    def _intrude(self) -> None:
        """A tab claims to hold somebody else's conversation."""
        if not self.store.rows:
            return
        thief = self.chance.random.choice(self.visitors)
        loot = self.chance.random.choice(list(self.store.rows))
        tab, _ = self.chance.random.choice(thief.tabs)
        tab.pretend(loot)
