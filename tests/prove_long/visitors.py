"""A visitor with one or two tabs of a real browser's rules: writes, reads, reloads, is watched."""

from typing import TYPE_CHECKING, Any

import httpx2
import msgspec

from chatserver.protocol import visitor as wire
from tests.prove.client.browser import Browser
from tests.prove.client.connection import Connection
from tests.prove.client.visitor import LANE, VisitorOptions, VisitorTab
from tests.prove.schedule import Clock
from tests.prove.view import View
from tests.prove_long.lines import Route, SocketLine
from tests.prove_long.onlooker import Onlooker
from tests.prove_long.poll_line import PollLine

if TYPE_CHECKING:
    from tests.prove_long.town import Town

MAX_WAITING = 12
# A frame's ticket lives five minutes.
TICKET_SECONDS = 240.0
OLD_BROWSERS = 0.2  # without Web Locks: two tabs then send at the same time

Purse = dict[str, Any]


class Tab(VisitorTab):
    """Takes its ticket from the frame's page, and shares the token with the browser's tabs."""

    def __init__(self, options: VisitorOptions, town: "Town", purse: Purse) -> None:
        self._town, self._purse = town, purse
        super().__init__(options)

    @property
    def token(self) -> str | None:
        return self._purse.get("token")

    @token.setter
    def token(self, value: str | None) -> None:
        if value:
            self._purse["token"] = value

    def prepare(self, refusals: int, then: Any) -> None:
        old = self._town.pace.now - self._purse.get("at", -TICKET_SECONDS) >= TICKET_SECONDS
        if old or refusals:
            self._town.tasks.start(self._prepare(then))
        else:
            super().prepare(refusals, then)

    async def fetch_ticket(self) -> bool:
        try:
            self._options.hello["ticket"] = await self._town.frame_ticket()
        except (httpx2.HTTPError, AssertionError):
            return False
        self._purse["at"] = self._town.pace.now
        return True

    def received(self, frame: wire.ServerMessage) -> None:
        if isinstance(frame, wire.Welcome):
            self._purse["author"] = frame.you.id
        super().received(frame)

    async def _prepare(self, then: Any) -> None:
        result = "ready" if await self.fetch_ticket() else "later"
        self.clock.soon(then, result)


class VisitorPerson:
    def __init__(self, town: "Town", name: str, *, polls: bool, two_tabs: bool) -> None:
        self._town, self.name = town, name
        self._polls, self._two_tabs = polls, two_tabs
        self._browser = Browser(has_locks=town.random.random() >= OLD_BROWSERS)
        self._purse: Purse = {}
        self._tabs_made = 0
        self._http = httpx2.AsyncClient(trust_env=False) if polls else None
        self.tabs: list[tuple[Tab, Onlooker]] = []
        self.open_tab()
        self._pause()

    @property
    def author(self) -> str:
        """Who they are in the store, once they were welcomed."""
        return self._purse.get("author", self.name)

    def open_tab(self) -> None:
        town = self._town
        self._tabs_made += 1
        name = f"{self.name}-{self._tabs_made}"
        onlooker = Onlooker(town.witness, name, self.name, visitor=True)
        made = [0]

        def new_id() -> str:
            made[0] += 1
            return f"{name}-{made[0]}"

        tab = Tab(
            VisitorOptions(
                name=name,
                browser=self._browser,
                clock=Clock(town.pace),
                dial=lambda connection: self._dial(connection, onlooker, tab),
                new_id=new_id,
                random=town.random.random,
                watcher=View(onlooker),
                hello={"site": town.company.site, "ticket": ""},
                on_outcome=town.witness.answered,
            ),
            town,
            self._purse,
        )
        onlooker.watch_visitor(tab)
        self.tabs.append((tab, onlooker))
        tab.start()

    def write(self, tab: Tab) -> None:
        town = self._town
        if len(tab.outbox.unsent) > MAX_WAITING:
            return
        number = town.witness.written
        text = f"{self.name} says {number} {town.padding()}".strip()
        client_id = f"{tab.name}:{number}"
        town.witness.wrote(tab.name, self.name, (client_id, LANE, text), private=False)
        tab.write(text, client_id)

    @property
    def left_nothing(self) -> bool:
        """Whether every message of a closed tab has found another one."""
        return all(name in self._browser.tabs for name in self._browser.shelf)

    async def close(self) -> None:
        for tab, _ in self.tabs:
            tab.connection.stop()
            tab.clock.stopped = True
        if self._http is not None:
            await self._http.aclose()

    # Inside

    def _dial(self, connection: Connection, onlooker: Onlooker, tab: Tab) -> Any:
        town = self._town
        path = "/poll/visitor" if self._http is not None else "/ws/visitor"
        route = Route(town.any_door(), path, onlooker.framed, town.tasks)
        line: SocketLine | PollLine
        if self._http is None:
            line = SocketLine(connection, route)
        else:

            async def again() -> bytes:
                return msgspec.json.encode(tab.hello())

            line = PollLine(connection, route, again=again, http=self._http)
        onlooker.line = line
        town.tasks.start(line.dial())
        return line

    def _pause(self) -> None:
        town = self._town
        delay = town.random.expovariate(1 / town.plan.visitor_pause)
        town.pace.after(delay, self._act)

    def _act(self) -> None:
        town = self._town
        if town.is_calm:
            return
        random = town.random
        if self._two_tabs and len(self.tabs) < 2 and self._purse.get("token"):
            self.open_tab()
        tab, _ = random.choice(self.tabs)
        dice = random.random()
        if dice < 0.85:
            self.write(tab)
        elif dice < 0.90:
            self._write_everywhere()
        elif dice < 0.96:
            tab.seen()
        elif dice < 0.98:
            self._act_rarely(tab, random.random())
        self._pause()

    def _write_everywhere(self) -> None:
        """Two tabs at once, several messages each."""
        for _ in range(2):
            for tab, _ in self.tabs:
                self.write(tab)
        if len(self.tabs) > 1:
            self._town.faults["two tabs send at once"] += 1

    def _act_rarely(self, tab: Tab, dice: float) -> None:
        if dice < 0.10:
            tab.end()
        elif dice < 0.40:
            tab.connection.nudge()
        elif dice < 0.60:
            tab.catch_up.earlier()
        elif tab.token and self._town.plan.reloads:
            self._reload(tab)

    def _reload(self, tab: Tab) -> None:
        """The page goes away in the middle of whatever it did; a new one finds its outbox."""
        self._town.faults["tab reloaded"] += 1
        tab.connection.stop()
        tab.clock.stopped = True
        self.tabs = [one for one in self.tabs if one[0] is not tab]
        self._browser.gone(tab)
        self.open_tab()
