"""A small town of nodes, visitors and agents: runs until so many messages were written, then ends
all faults, waits until everything healed, and judges."""

from collections import Counter
from dataclasses import dataclass

from chatserver.realtime.hints import revocation_topic
from tests.prove.agents import AgentPerson
from tests.prove.chance import Chance, Weather
from tests.prove.judge import judge, missing_of_console, missing_of_tab
from tests.prove.leaks import Guard
from tests.prove.node import Node, Site
from tests.prove.observer import Witness
from tests.prove.schedule import Schedule
from tests.prove.store import Store
from tests.prove.variants import SOUND, Variant
from tests.prove.visitors import VisitorPerson

NODES, VISITORS, AGENTS = 3, 60, 6
# Healing takes at most a watchdog (35 s), a backoff (20 s) and a request that is not answered.
HEAL_SECONDS = 150.0
HEAL_STEP = 5.0


@dataclass(frozen=True)
class Size:
    messages: int
    nodes: int = NODES
    visitors: int = VISITORS
    agents: int = AGENTS


class World:
    def __init__(self, seed: int, size: Size, variant: Variant = SOUND) -> None:
        self.size, self.variant = size, variant
        self.schedule = Schedule()
        self.chance = Chance(seed, variant.weather or Weather())
        self.store = Store()
        self.witness = Witness(self.schedule, self.store)
        self.site = Site(self.schedule, self.chance, self.store, variant)
        self.guard = Guard(self.witness, self.site)
        self.nodes = [Node(self.site, number) for number in range(size.nodes)]
        self.agents: list[AgentPerson] = []
        self.visitors: list[VisitorPerson] = []
        for _ in range(size.agents):
            self._hire()
        for number in range(size.visitors):
            self.visitors.append(VisitorPerson(self, f"v{number}"))
        self.schedule.after(1.0, self._second)

    def run(self) -> "World":
        while self.may_write():
            self.schedule.run_until(self.schedule.now + 5.0)
        self._heal()
        judge(self)
        return self

    def may_write(self) -> bool:
        return len(self.witness.history.sent) < self.size.messages

    def padding(self) -> str:
        """Few messages are long; those that are fill the outboxes of slow readers."""
        random = self.chance.random
        return "." * random.randrange(200, 3000) if random.random() < 0.02 else ""

    @property
    def faults(self) -> Counter[str]:
        return self.chance.faults + Counter({"frame lost in flight": self.chance.lost_frames})

    def _heal(self) -> None:
        self.chance.calm = True
        for visitor in self.visitors:
            visitor.settle()
        end = self.schedule.now + HEAL_SECONDS
        while self.schedule.now < end and not self._is_settled():
            self.schedule.run_until(self.schedule.now + HEAL_STEP)

    def _is_settled(self) -> bool:
        """Nothing waits to be sent, and nobody misses anything."""
        tabs = [(visitor.id, tab) for visitor in self.visitors for tab, _ in visitor.tabs]
        visitors_settled = all(
            tab.connection.stage == "live"
            and not tab.outbox.unsent
            and not missing_of_tab(self.store, visitor_id, tab)
            for visitor_id, tab in tabs
        )
        adopted = all(visitor.left_nothing for visitor in self.visitors)
        agents_settled = all(
            agent.is_revoked
            or not (agent.tab.outbox.unsent or missing_of_console(self.store, agent.tab))
            for agent in self.agents
        )
        return visitors_settled and agents_settled and adopted

    def _hire(self) -> None:
        self.agents.append(AgentPerson(self, f"a{len(self.agents)}"))

    def _second(self) -> None:
        """What befalls the town as a whole."""
        chance, weather = self.chance, self.chance.weather
        if chance.calm:
            return
        if chance.strikes("bus down", weather.bus_down):
            self.site.bus.go_down(chance.between(1, 12))
        if chance.strikes("clock jump of a node", weather.clock_jump):
            chance.random.choice(self.nodes).jump_seconds = chance.between(-3600, 3600)
        if chance.strikes("access revoked", weather.revoke):
            self._revoke()
        if chance.strikes("hostile hello", weather.hostile):
            self._intrude()
        self.schedule.after(1.0, self._second)

    def _revoke(self) -> None:
        """Somebody is signed out in mid-stream; another one takes the place."""
        present = [agent for agent in self.agents if not agent.is_revoked]
        agent = self.chance.random.choice(present)
        agent.is_revoked = True
        del self.store.sessions[agent.session]
        self.guard.revoked(agent.id)
        node = self.chance.random.choice(self.nodes)
        node.broker.publish(revocation_topic(agent.id), b'{"revoked":null}')
        self._hire()

    def _intrude(self) -> None:
        """A tab claims to hold somebody else's conversation."""
        if not self.store.rows:
            return
        thief = self.chance.random.choice(self.visitors)
        loot = self.chance.random.choice(list(self.store.rows))
        tab, _ = self.chance.random.choice(thief.tabs)
        tab.pretend(loot)
