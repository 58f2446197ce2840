"""An agent at one or two consoles: signs in, takes chats, answers, notes, hands over; may be signed
out in the middle of it, and comes back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx2
import msgspec

from chatserver.protocol import agent as wire
from chatserver.protocol.codes import CloseCode
from tests.prove.client.agent import AgentOptions, AgentTab
from tests.prove.client.browser import Browser
from tests.prove.client.connection import Connection
from tests.prove.history import Event
from tests.prove.schedule import Clock
from tests.prove.view import View
from tests.prove_long.lines import Route, SocketLine
from tests.prove_long.onlooker import Onlooker
from tests.prove_long.plan import PASSWORD
from tests.prove_long.poll_line import PollLine
from tests.support.sockets import boot_of

if TYPE_CHECKING:
    from tests.prove_long.town import Town

MAX_WAITING = 12
# A frame that was under way when access ended may still arrive: within a second, and the time that
# a busy machine takes to read it.
LEAK_SECONDS = 2.0
# The node that it is read by may have heard of it only now, without the bus.
LEAK_WITHOUT_BUS_SECONDS = 30.0
AWAY_SECONDS = 4.0


class Consoles(AgentTab):
    """Asks for a ticket by HTTP before each hello."""

    ask: Callable[[], Any]

    def prepare(self, _refusals: int, then: Any) -> None:
        self._options_town.tasks.start(self._prepare(then))

    def __init__(self, options: AgentOptions, town: "Town") -> None:
        self._options_town = town
        super().__init__(options)

    async def _prepare(self, then: Any) -> None:
        self.clock.soon(then, await self.fetch_ticket())

    async def fetch_ticket(self) -> str:
        ticket = await self.ask()
        if ticket in ("stop", "later"):
            return ticket
        self._ticket = ticket
        return "ready"


class AgentPerson:
    """`author` is who they are in the store."""

    def __init__(self, town: "Town", name: str, email: str, *, polls: bool) -> None:
        self._town, self.name, self._email = town, name, email
        self._polls = polls
        self._browser = Browser()
        self.author = name
        self.is_revoked = False
        self.tabs: list[tuple[Consoles, Onlooker]] = []
        own = {"Origin": town.origin, "Sec-Fetch-Site": "same-origin"}
        host = {"Host": town.origin.removeprefix("http://")}
        self._http = httpx2.AsyncClient(headers=own | host, trust_env=False)

    async def arrive(self, consoles: int) -> None:
        await self._sign_in()
        for number in range(consoles):
            self._open_console(f"{self.name}-{number}")
        self._pause()

    async def sign_out(self) -> None:
        """In mid-stream. Signs in again some seconds later. What a slow network still delivers had
        left the service before: whoever is on one is left alone."""
        if any(onlooker.is_troubled for _, onlooker in self.tabs):
            return
        town, witness = self._town, self._town.witness
        self.is_revoked = True
        is_bus_well = witness.is_bus_well
        try:
            await self._post("/agent/sign-out")
        except (httpx2.HTTPError, AssertionError):
            pass  # nobody knows whether it happened, so nothing is expected of it
        else:
            town.faults["access revoked"] += 1
            witness.gone.add(self.author)
            heard = is_bus_well and witness.is_bus_well
            seconds = LEAK_SECONDS if heard else LEAK_WITHOUT_BUS_SECONDS
            end = Event(witness.now, "access", op="fail", author=self.author, seconds=seconds)
            witness.note(end)
        town.pace.after(AWAY_SECONDS, lambda: town.tasks.start(self.return_()))

    async def return_(self) -> None:
        witness = self._town.witness
        while self.is_revoked:
            try:
                await self._sign_in()
            except (httpx2.HTTPError, AssertionError):
                await self._town.breathe()
                continue
            self.is_revoked = False
            witness.gone.discard(self.author)
            witness.note(Event(witness.now, "access", author=self.author))
        for tab, onlooker in self.tabs:
            if tab.connection.stage == "stopped":
                self._open_again(tab, onlooker)

    async def close(self) -> None:
        for tab, _ in self.tabs:
            tab.connection.stop()
            tab.clock.stopped = True
        await self._http.aclose()

    # Inside

    async def _sign_in(self) -> None:
        typed = {"email": self._email, "password": PASSWORD, "next": "", "workspace": ""}
        url = self._town.any_door().address
        answer = await self._http.post(f"{url}/agent/sign-in", data=typed, timeout=20)
        assert answer.status_code == 303, answer.text
        boot = boot_of((await self._http.get(f"{url}/agent/", timeout=20)).text)
        self._http.headers["X-CSRF-Token"] = boot["csrf"]
        self.author = boot["me"]["id"]

    async def _post(self, path: str) -> httpx2.Response:
        url = self._town.any_door().address
        answer = await self._http.post(f"{url}{path}", json={}, timeout=10)
        assert answer.is_success, answer.text
        return answer

    async def _ticket(self) -> str:
        if self.is_revoked:
            return "stop"
        try:
            ticket: str = (await self._post("/api/tickets")).json()["ticket"]
        except (httpx2.HTTPError, AssertionError):
            return "later"
        return ticket

    def _open_console(self, name: str) -> None:
        town = self._town
        onlooker = Onlooker(town.witness, name, self.author, visitor=False)
        tab = Consoles(
            AgentOptions(
                name=name,
                browser=self._browser,
                clock=Clock(town.pace),
                dial=lambda connection: self._dial(connection, onlooker, tab),
                random=town.random.random,
                watch=lambda conversation: View(onlooker, conversation),
                ticket=lambda: None,
                on_outcome=town.witness.answered,
            ),
            town,
        )
        tab.ask = self._ticket
        onlooker.watch_agent(tab)
        onlooker.signed_out = lambda: self._signed_out(tab, onlooker)
        self.tabs.append((tab, onlooker))
        tab.start()

    def _signed_out(self, tab: Consoles, onlooker: Onlooker) -> None:
        """A node without a bus may say so long after its agent has signed in again."""
        if not self.is_revoked:
            self._town.pace.soon(self._open_again, tab, onlooker)

    def _open_again(self, tab: Consoles, onlooker: Onlooker) -> None:
        onlooker.disturbed("access revoked")
        tab.connection.start()

    def _dial(self, connection: Connection, onlooker: Onlooker, tab: Consoles) -> Any:
        town = self._town
        path = "/poll/agent" if self._polls else "/ws/agent"
        route = Route(town.any_door(), path, onlooker.framed, town.tasks)
        line: SocketLine | PollLine
        if not self._polls:
            line = SocketLine(connection, route)
        else:

            async def again() -> bytes | int:
                if await tab.fetch_ticket() != "ready":
                    return CloseCode.SIGNED_OUT if self.is_revoked else CloseCode.TRY_LATER
                return msgspec.json.encode(tab.hello())

            line = PollLine(connection, route, again=again, http=self._http)
        onlooker.line = line
        town.tasks.start(line.dial())
        return line

    def _pause(self) -> None:
        town = self._town
        delay = town.random.expovariate(1 / town.plan.agent_pause)
        town.pace.after(delay, self._act)

    def _act(self) -> None:
        town = self._town
        if town.is_calm:
            return
        random = town.random
        tab, _ = random.choice(self.tabs)
        rows = list(tab.console.rows.values())
        dice = random.random()
        if (dice < 0.05 or len(tab.console.threads) < 8) and rows:
            self._take(tab, random.choice(rows))
        if dice < 0.90:
            self._answer(tab)
        else:
            self._act_rarely(tab, random.random())
        self._pause()

    def _take(self, tab: Consoles, row: wire.InboxRow) -> None:
        tab.open(row.conversation)
        if row.phase == "queued":
            self._command(tab, wire.Assign, row.conversation, agent=self.author)

    def _answer(self, tab: Consoles) -> None:
        town, console = self._town, tab.console
        if not console.threads or self.is_revoked or len(tab.outbox.unsent) > MAX_WAITING:
            return
        conversation = town.random.choice(list(console.threads))
        if conversation not in console.rows:
            return
        private = town.random.random() < 0.15
        number = town.witness.written
        kind = "note of" if private else "answer of"
        text = f"{kind} {self.name} {number} in {conversation} {town.padding()}".strip()
        client_id = f"{tab.name}:{number}"
        message = (client_id, conversation, text)
        town.witness.wrote(tab.name, self.author, message, private=private)
        tab.write(conversation, text, client_id, private=private)

    def _act_rarely(self, tab: Consoles, dice: float) -> None:
        random = self._town.random
        if not tab.console.threads:
            return
        conversation = random.choice(list(tab.console.threads))
        if dice < 0.60:
            tab.read(conversation)
        elif dice < 0.64:
            self._command(tab, wire.Close, conversation)
        elif dice < 0.70:
            self._command(tab, wire.Reopen, conversation)
        elif dice < 0.76:
            other = random.choice(self._town.agents).author
            self._command(tab, wire.Assign, conversation, agent=other)
        elif dice < 0.80:
            self._command(tab, wire.Assign, conversation, agent=None)
        elif dice < 0.84:
            tab.connection.nudge()

    def _command(
        self, tab: Consoles, frame: Callable[..., Any], conversation: str, **more: Any
    ) -> None:
        tab.command(lambda id, expect: frame(id, conversation, expect, **more), conversation)
