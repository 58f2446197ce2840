"""A visitor with one or two tabs: writes, reads, sleeps, reloads, closes, and is watched."""

from typing import TYPE_CHECKING

from tests.prove.client.browser import Browser
from tests.prove.client.connection import Connection, Line
from tests.prove.client.visitor import LANE, VisitorOptions, VisitorTab
from tests.prove.dialling import Network
from tests.prove.observer import Observer
from tests.prove.schedule import Clock
from tests.prove.view import View
from tests.prove.visitor_desk import TABS

if TYPE_CHECKING:
    from tests.prove.world import World

MAX_WAITING = 12
# One more than a node lets in: then the oldest has to yield.
MAX_TABS = TABS + 1


class VisitorPerson:
    def __init__(self, world: "World", visitor_id: str) -> None:
        self._world, self.id = world, visitor_id
        self._browser = Browser()
        self.network = Network(world.site, world.nodes)
        self._tabs_made = 0
        self._jump_ms = 0.0
        self.tabs: list[tuple[VisitorTab, Observer]] = []
        for _ in range(1 + (world.chance.random.random() < 0.3)):
            self.open_tab()
        self._pause()

    def open_tab(self) -> None:
        world = self._world
        self._tabs_made += 1
        name = f"{self.id}-{self._tabs_made}"
        observer = Observer(world.witness, name, self.id, visitor=True)
        clock = Clock(world.site.schedule)
        clock.jump_ms = self._jump_ms
        made = [0]

        def new_id() -> str:
            made[0] += 1
            return f"{name}-{made[0]}"

        def dial(connection: Connection) -> Line:
            return self.network.dial(connection, observer, clock, visitor=True)

        tab = world.variant.visitor_tab(
            VisitorOptions(
                name=name,
                browser=self._browser,
                clock=clock,
                dial=dial,
                new_id=new_id,
                random=world.chance.random.random,
                watcher=View(observer),
                hello={"site": "key", "ticket": "frame", "token": self.id},
                on_outcome=world.witness.answered,
            )
        )
        observer.watch_visitor(tab)
        self.tabs.append((tab, observer))
        tab.start()

    def write(self, tab: VisitorTab, observer: Observer) -> None:
        world = self._world
        if len(tab.outbox.unsent) > MAX_WAITING or not world.may_write():
            return
        number = world.witness.written
        text = f"{self.id} says {number} {world.padding()}".strip()
        client_id = f"{tab.name}:{number}"
        world.witness.wrote(observer, (client_id, LANE, text), private=False)
        tab.write(text, client_id)

    def settle(self) -> None:
        """All faults are over: the network is there, and somebody looks at the pages. Tabs above
        the limit would take each other's place for ever: they are closed."""
        for tab, _ in self.tabs[TABS:]:
            self._leave(tab)
        self._come_back()

    # Inside

    def _pause(self) -> None:
        world = self._world
        delay = world.chance.random.expovariate(1 / world.variant.pause)
        world.site.schedule.after(delay, self._act)

    def _act(self) -> None:
        chance = self._world.chance
        self._pause()
        if chance.calm:
            return
        random = chance.random
        tab, observer = random.choice(self.tabs)
        dice = random.random()
        if random.random() < self._world.variant.reads:
            tab.seen()
        elif dice < 0.85:
            self.write(tab, observer)
        elif dice < 0.89:
            for _ in range(random.randrange(2, 5)):
                self.write(*random.choice(self.tabs))
        elif dice < 0.97:
            self._act_rarely(tab, random.random())
        if chance.strikes("visitor offline", chance.weather.offline):
            self._go_away()
        if chance.strikes("tab reloaded", chance.weather.reload):
            self._reload(tab)

    def _act_rarely(self, tab: VisitorTab, dice: float) -> None:
        if dice < 0.08:
            tab.end()
        elif dice < 0.20 and len(self.tabs) < MAX_TABS:
            self.open_tab()
        elif dice < 0.50:
            tab.connection.nudge()
        elif dice < 0.60:
            tab.catch_up.earlier()
        elif dice < 0.66:
            self._jump()

    def _reload(self, tab: VisitorTab) -> None:
        """The page goes away in the middle of whatever it did; a new one finds its outbox."""
        self._leave(tab)
        if not self.tabs or self._world.chance.random.random() < 0.7:
            self.open_tab()

    def _leave(self, tab: VisitorTab) -> None:
        tab.connection.stop()
        tab.clock.stopped = True
        self.tabs = [one for one in self.tabs if one[0] is not tab]
        self._browser.gone(tab)

    def _go_away(self) -> None:
        world = self._world
        if not self.network.is_away:
            self.network.go_away()
            for _, observer in self.tabs:
                observer.disturbed("offline")
            world.site.schedule.after(world.chance.between(2, 60), self._come_back)

    def _come_back(self) -> None:
        was_away, self.network.is_away = self.network.is_away, False
        for tab, observer in self.tabs:
            if was_away:
                observer.disturbed("offline")
            tab.connection.nudge()

    def _jump(self) -> None:
        self._world.chance.faults["clock jump of a client"] += 1
        self._jump_ms += self._world.chance.between(-3_600_000, 3_600_000)
        for tab, _ in self.tabs:
            tab.clock.jump_ms = self._jump_ms
