"""Systems broken on purpose, one guarantee each: a checker that lets one of them pass proves
nothing. `catches` are the anomalies of which at least one must be found."""

from dataclasses import dataclass, replace

from chatserver.realtime.agent_session import AgentSession
from chatserver.realtime.effects import Effect
from chatserver.realtime.visitor_session import VisitorSession
from tests.prove.chance import CALM, Weather
from tests.prove.client.agent import AgentTab
from tests.prove.client.outbox import Outbox
from tests.prove.client.outgoing import Outgoing
from tests.prove.client.requests import Outcome
from tests.prove.client.thread import VisitorState
from tests.prove.client.visitor import VisitorTab


@dataclass(frozen=True)
class Variant:
    """`weather` None: all faults. The parts that are not named here ask for the `name`."""

    name: str
    catches: tuple[str, ...] = ()
    weather: Weather | None = None
    messages: int = 1_000
    visitors: int = 12
    stretch: int = 125  # messages from one rest to the next
    pause: float = 1.7  # of a visitor between two acts, in seconds
    reads: float = 0.07  # of a visitor's acts
    visitor_tab: type[VisitorTab] = VisitorTab
    lacks_tail: bool = False
    agent_tab: type[AgentTab] = AgentTab
    visitor_session: type[VisitorSession] = VisitorSession
    agent_session: type[AgentSession] = AgentSession


class Unchecked(VisitorState):
    checks_seq = False


class UncheckedTab(VisitorTab):
    state_type = Unchecked


class Pipelined(Outbox):
    """Everything at once instead of one message in flight."""

    def _pump(self) -> None:
        if self._is_online:
            for message in [m for m in self.messages if m.state == "waiting"]:
                message.state = "sending"
                self._deliver(message, lambda outcome, m=message: self._went(m, outcome))  # type: ignore[misc]

    def _went(self, message: Outgoing, outcome: Outcome) -> None:
        for pause in self._arrived(message, outcome):
            self._tab.clock.later(pause, self._pump)


class PipelinedTab(VisitorTab):
    outbox_type = Pipelined


class Forgetful(Outbox):
    """The outbox lives in memory alone."""

    def _keep(self) -> None:
        return None


class ForgetfulTab(VisitorTab):
    outbox_type = Forgetful


class Renaming(Outbox):
    """Each try is a new message."""

    def _arrived(self, message: Outgoing, outcome: Outcome) -> list[float]:
        pauses = super()._arrived(message, outcome)
        if message.state == "waiting":
            message.client_id += "+"
        return pauses


class RenamingTab(VisitorTab):
    outbox_type = Renaming


class Patient(VisitorTab):
    """No watchdog: silence is taken for peace."""

    def linked(self) -> None:
        super().linked()
        if self.connection.stage == "live":
            self.connection.trusts_silence = True


class Neglectful(AgentSession):
    """Goes on after a slow spell without reading what was left out."""

    def caught_breath(self) -> list[Effect]:
        self._is_behind = False
        return []


SOUND = Variant("sound")

# Hints never fail here and nobody tails: only registering first closes the window.
_CUTS_ALONE = replace(CALM, cut=0.25, subscription_late=0.5, follow_seconds=4.0)
CONTROL = Variant(
    "no tail, hints never fail", (), _CUTS_ALONE, 1_000, 40, 40, 20.0, lacks_tail=True
)
_HARD_OF_HEARING = replace(CALM, cut=0.25, subscription_late=1.0)
_DEAF = replace(CALM, revoke=1 / 5, hint_lost=0.5)
_SILENT = replace(CALM, half_open=0.03)
_BUSY = replace(Weather(), unavailable=0.1)
_SLOW = replace(Weather(), stall=0.03)
_VAGUE = replace(Weather(), commit_unknown=0.03)
_RELOADS = replace(Weather(), reload=0.06, unavailable=0.03)

VARIANTS = (
    Variant("no dedupe", ("duplicate",)),
    Variant("ack before commit", ("lost",), replace(Weather(), crash=0.01)),
    Variant("unknown commit taken for done", ("lost",), _VAGUE),
    Variant("unknown commit taken for refused", ("phantom",), _VAGUE),
    Variant("a new client_id at each try", ("phantom",), visitor_tab=RenamingTab),
    Variant("no tail", ("lost",), replace(Weather(), hint_lost=0.3), lacks_tail=True),
    Variant(
        "read, then register", ("lost", "gap"), _CUTS_ALONE, 1_000, 40, 40, 20.0, lacks_tail=True
    ),
    Variant(
        "read before it hears",
        ("lost", "gap"),
        _HARD_OF_HEARING,
        messages=1_800,
        visitors=12,
        stretch=20,
        pause=5.0,
        lacks_tail=True,
    ),
    Variant("no seq check on the client", ("duplicate", "gap"), visitor_tab=UncheckedTab),
    Variant("pipelined sends", ("reorder",), _BUSY, pause=0.6, visitor_tab=PipelinedTab),
    Variant(
        "hint treated as truth", ("phantom", "divergent"), replace(Weather(), crash=0.03), 1_500
    ),
    Variant("note counted in the visitor's numbers", ("gap", "lost"), messages=500),
    Variant("note shown to the visitor", ("leak",)),
    Variant("resume without authorisation", ("leak",)),
    Variant("mark without max", ("regress",), replace(Weather(), mark_late=0.9), reads=0.6),
    Variant("revocation by hint alone", ("leak", "zombie"), _DEAF, 2_500),
    Variant("slow reader forgotten", ("lost",), _SLOW, agent_session=Neglectful),
    Variant("outbox forgotten at reload", ("lost",), _RELOADS, visitor_tab=ForgetfulTab),
    Variant("no watchdog", ("lost", "stale"), _SILENT, 1_000, 40, 150, 20.0, visitor_tab=Patient),
)
