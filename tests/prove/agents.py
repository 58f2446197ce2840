"""An agent at a console: takes, answers, notes, hands over, closes, reopens; may be signed out."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chatserver.protocol import agent as wire
from tests.prove.client.agent import AgentOptions
from tests.prove.client.browser import Browser
from tests.prove.client.connection import Connection, Line
from tests.prove.dialling import Network
from tests.prove.observer import Observer
from tests.prove.schedule import Clock
from tests.prove.view import View

if TYPE_CHECKING:
    from tests.prove.world import World

PAUSE_SECONDS = 0.45
MAX_WAITING = 12


class AgentPerson:
    def __init__(self, world: "World", agent_id: str) -> None:
        self._world, self.id = world, agent_id
        self.session = f"session-of-{agent_id}"
        world.store.sessions[self.session] = agent_id
        self.is_revoked = False
        network = Network(world.site, world.nodes)
        observer = self._observer = Observer(world.witness, agent_id, agent_id, visitor=False)

        clock = Clock(world.site.schedule)

        def dial(connection: Connection) -> Line:
            return network.dial(connection, observer, clock, visitor=False)

        self.tab = world.variant.agent_tab(
            AgentOptions(
                name=agent_id,
                browser=Browser(),
                clock=clock,
                dial=dial,
                random=world.chance.random.random,
                watch=lambda conversation: View(observer, conversation),
                ticket=lambda: None if self.is_revoked else self.session,
                on_outcome=world.witness.answered,
            )
        )
        observer.watch_agent(self.tab)
        self.tab.start()
        self._pause()

    def _pause(self) -> None:
        world = self._world
        delay = world.chance.random.expovariate(1 / PAUSE_SECONDS)
        world.site.schedule.after(delay, self._act)

    def _act(self) -> None:
        world = self._world
        if self.tab.connection.stage == "stopped":
            return
        self._pause()
        if world.chance.calm:
            return
        random = world.chance.random
        rows = list(self.tab.console.rows.values())
        dice = random.random()
        if dice < 0.05 and rows:
            self._take(random.choice(rows))
        elif dice < 0.85:
            self._answer()
        else:
            self._act_rarely(random.random())

    def _take(self, row: wire.InboxRow) -> None:
        self.tab.open(row.conversation)
        if row.phase == "queued":
            self._command(wire.Assign, row.conversation, agent=self.id)

    def _answer(self) -> None:
        world, console = self._world, self.tab.console
        if not console.threads or len(self.tab.outbox.unsent) > MAX_WAITING:
            return
        conversation = world.chance.random.choice(list(console.threads))
        if conversation in console.rows and world.may_write():
            private = world.chance.random.random() < 0.15
            self.write(conversation, private=private)

    def write(self, conversation: str, *, private: bool) -> None:
        witness = self._world.witness
        number = witness.written
        kind = "note of" if private else "answer of"
        text = f"{kind} {self.id} {number} {self._world.padding()}".strip()
        client_id = f"{self.tab.name}:{number}"
        witness.wrote(self._observer, (client_id, conversation, text), private)
        self.tab.write(conversation, text, client_id, private=private)

    def _act_rarely(self, dice: float) -> None:
        random = self._world.chance.random
        if not self.tab.console.threads:
            return
        conversation = random.choice(list(self.tab.console.threads))
        if dice < 0.50:
            self.tab.read(conversation)
        elif dice < 0.58:
            self._command(wire.Close, conversation)
        elif dice < 0.64:
            self._command(wire.Reopen, conversation)
        elif dice < 0.72:
            other = random.choice(list(self._world.store.sessions.values()) or [self.id])
            self._command(wire.Assign, conversation, agent=other)
        elif dice < 0.76:
            self._command(wire.Assign, conversation, agent=None)
        elif dice < 0.86:
            self.tab.connection.nudge()

    def _command(self, frame: Callable[..., Any], conversation: str, **more: Any) -> None:
        self.tab.command(lambda id, expect: frame(id, conversation, expect, **more), conversation)
