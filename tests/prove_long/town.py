"""A small town on real processes: people who chat, for so many seconds and through all faults; then
calm, until everybody holds everything."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from typing import BinaryIO

import httpx2

from tests.prove.history import Event, History
from tests.prove_long import store
from tests.prove_long.agents import AgentPerson, Consoles
from tests.prove_long.flood import Flooder
from tests.prove_long.furnish import Company, furnish
from tests.prove_long.node import Door, Node, open_nodes
from tests.prove_long.onlooker import Onlooker
from tests.prove_long.pace import Pace
from tests.prove_long.plan import Plan
from tests.prove_long.shared import Shared, open_shared
from tests.prove_long.tasks import Tasks
from tests.prove_long.visitors import Tab, VisitorPerson
from tests.prove_long.witness import Witness
from tests.support.sockets import boot_of

# Healing takes at most a watchdog (35 s), a backoff (20 s) and a request that is not answered; a
# connection that vanished is one of the first that the calm finds.
HEAL_SECONDS = 150.0
BREATH_SECONDS = 0.5
RECOVER_SECONDS = 25.0
# The share that may still be away when the next thing happens; they are timed all the same.
FEW = 0.01
AGENTS_WITH_TWO = 10  # every so many-th


class Town:
    def __init__(self, shared: Shared, seed: int, file: BinaryIO) -> None:
        self.shared, self.plan, self.random = shared, shared.plan, Random(seed)
        self.pace, self.tasks = Pace(), Tasks()
        self._file = file
        self.witness = Witness(self.pace, History(lambda _event: None, file))
        self.faults: Counter[str] = Counter()
        self.is_calm = False
        self.nodes: list[Node] = []
        self.visitors: list[VisitorPerson] = []
        self.agents: list[AgentPerson] = []
        self.flooders: list[Flooder] = []
        self.copies: list[list[str]] = []
        self.company = Company("", ())
        self.folder = Path()
        self._http = httpx2.AsyncClient(trust_env=False)

    @property
    def origin(self) -> str:
        return self.nodes[0].door.origin

    @property
    def database(self) -> str:
        return self.plan.database_url or f"sqlite:///{self.folder / 'chat.db'}"

    @property
    def onlookers(self) -> list[Onlooker]:
        people = (*self.visitors, *self.agents)
        return [onlooker for person in people for _, onlooker in person.tabs]

    @property
    def doors(self) -> set[Door]:
        return {node.door for node in self.nodes}

    def any_door(self) -> Door:
        """One behind which somebody answers, when there is one: balancers know."""
        up = [node for node in self.nodes if node.is_up]
        return self.random.choice(up or self.nodes).door

    def padding(self) -> str:
        """Few messages are long."""
        return "." * self.random.randrange(200, 3000) if self.random.random() < 0.02 else ""

    async def breathe(self) -> None:
        await asyncio.sleep(BREATH_SECONDS)

    async def frame_ticket(self) -> str:
        """What the panel's page carries."""
        url = f"{self.any_door().address}/frame"
        heads = {"Host": self.origin.removeprefix("http://")}
        answer = await self._http.get(
            url, params={"site": self.company.site}, headers=heads, timeout=10
        )
        assert answer.is_success, answer.text
        ticket: str = boot_of(answer.text)["ticket"]
        return ticket

    async def settle_in(self) -> None:
        """Everybody arrives and is there."""
        plan = self.plan
        for number, email in enumerate(self.company.emails):
            polls = number < plan.agents * plan.polling
            agent = AgentPerson(self, f"a{number}", email, polls=polls)
            self.agents.append(agent)
            await agent.arrive(2 if number % AGENTS_WITH_TWO == AGENTS_WITH_TWO - 1 else 1)
        for number in range(plan.visitors):
            polls, two = self._kind(number)
            self.visitors.append(VisitorPerson(self, f"v{number}", polls=polls, two_tabs=two))
            await asyncio.sleep(0.01)

    async def recovered(self, kind: str) -> None:
        """Until nearly all are back: two faults at once tell nothing of how long one takes."""
        end = self.pace.now + RECOVER_SECONDS
        while self.pace.now < end:
            await self.breathe()
            onlookers = self.onlookers
            suffering = sum(onlooker.suffers_from(kind) for onlooker in onlookers)
            if suffering <= FEW * len(onlookers):
                return
            if not all(node.service.is_alive for node in self.nodes):
                return  # the next death came before everybody was back from the last one

    async def heal(self) -> bool:
        """The end of all faults; False when somebody still misses something when time is up."""
        self.is_calm = True
        end = self.pace.now + HEAL_SECONDS
        while self.pace.now < end:
            await self.breathe()
            if self._has_sent() and not await self.missing():
                return True
        return False

    async def missing(self) -> list[str]:
        """What is stored and not on somebody's screen."""
        heads = await store.read_heads(self.database)
        return [
            *self._unsent(),
            *self._missing_of_visitors(heads),
            *self._missing_of_agents(heads),
        ]

    def write_down_screens(self) -> None:
        """What every client holds at rest."""
        note, now = self.witness.note, self.pace.now
        for visitor in self.visitors:
            for tab, onlooker in visitor.tabs:
                key, last = tab.state.conversation or "", tab.state.last
                note(Event(now, "held", onlooker.name, conversation=key, seq=last))
        for agent in self.agents:
            for tab, onlooker in agent.tabs:
                for key, thread in tab.console.threads.items():
                    note(Event(now, "held", onlooker.name, conversation=key, seq=thread.last))
                for key, row in tab.console.rows.items():
                    note(Event(now, "row", onlooker.name, conversation=key, seq=row.revision))
                note(Event(now, "rows", onlooker.name, seq=len(tab.console.rows)))

    def close_history(self) -> None:
        """Nothing more is written down: it is read now."""
        self.witness.history = History(lambda _event: None)
        self._file.close()

    async def close(self) -> None:
        for person in (*self.visitors, *self.agents):
            await person.close()
        await self._http.aclose()
        await self.tasks.close()

    # Inside

    def _kind(self, number: int) -> tuple[bool, bool]:
        """Whether this visitor polls, and whether it has two tabs."""
        share = number / self.plan.visitors
        polls = share < self.plan.polling
        return polls, self.plan.polling <= share < self.plan.polling + self.plan.two_tabs

    def _has_sent(self) -> bool:
        adopted = all(visitor.left_nothing for visitor in self.visitors)
        return adopted and not self._unsent()

    def _unsent(self) -> list[str]:
        """Who is not connected, or has not sent everything."""
        tabs = [tab for person in (*self.visitors, *self.agents) for tab, _ in person.tabs]
        return [
            f"{_name(tab)} has {len(tab.outbox.unsent)} to send"
            for tab in tabs
            if tab.outbox.unsent or tab.connection.stage != "live"
        ]

    def _missing_of_visitors(self, heads: store.Heads) -> list[str]:
        found = []
        for visitor in self.visitors:
            newest = heads.newest.get(visitor.author)
            for tab, _ in visitor.tabs:
                state = tab.state
                if newest and newest.is_open and state.conversation != newest.id:
                    found.append(f"{_name(tab)} does not know of {newest.id}")
                head = heads.rows.get(state.conversation or "")
                if head is not None and state.last != head.visitor_seq:
                    found.append(f"{_name(tab)} holds {state.last} of {head.visitor_seq}")
        return found

    def _missing_of_agents(self, heads: store.Heads) -> list[str]:
        found = []
        stored = {row.id: row.revision for row in heads.rows.values() if row.is_open}
        for agent in self.agents:
            for tab, _ in agent.tabs:
                console = tab.console
                found += [
                    f"{_name(tab)} holds {thread.last} of {heads.rows[key].seq} in {key}"
                    for key, thread in console.threads.items()
                    if thread.last != heads.rows[key].seq
                ]
                if {key: row.revision for key, row in console.rows.items()} != stored:
                    found.append(f"{_name(tab)} has another inbox")
        return found


def _name(tab: Tab | Consoles) -> str:
    """With what its connection is doing, for whoever looks for the reason."""
    return f"{tab.name} ({tab.connection.stage} {tab.connection.code or ''})"


@asynccontextmanager
async def open_town(plan: Plan, seed: int, folder: Path) -> AsyncIterator[Town]:
    """Furnished and running, with everybody on their way in. `history.jsonl` lies in the folder."""
    async with AsyncExitStack() as stack:
        file = stack.enter_context((folder / "history.jsonl").open("wb"))
        shared = await stack.enter_async_context(open_shared(plan))
        town = Town(shared, seed, file)
        town.folder = folder / "data"
        town.company = await furnish(shared.plan, town.folder)
        town.nodes = await open_nodes(shared.plan, town.folder, stack)
        town.tasks.watch_loop()
        stack.push_async_callback(town.close)
        await town.settle_in()
        yield town
