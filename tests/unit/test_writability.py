"""Any pattern of a socket that takes frames or does not: little waits here, everything arrives from
the store, and who lost access is sent nothing more."""

import asyncio
from types import SimpleNamespace

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from chatserver.conversation.projection import for_visitor
from chatserver.protocol.codec import visitor_decoder
from chatserver.protocol.codes import CloseCode
from chatserver.realtime.connection import Connection
from chatserver.realtime.crowd import Crowd
from chatserver.realtime.effects import Follow, LoadMarks
from chatserver.realtime.manners import Patience
from chatserver.realtime.news import Delivery
from chatserver.realtime.outbox import Bounds
from chatserver.realtime.streaming import BYTES_PER_FRAME, FRAMES_PER_PAGE
from chatserver.realtime.visitor_session import VisitorSession
from chatserver.realtime.wheel import Wheel
from chatserver.tasks import Supervisor
from tests.support.clock import FakeClock
from tests.support.play import LIMITS, chat, said
from tests.support.play import VisitorPlay as Play

BOUNDS = Bounds(frames=3, bytes=2000, signal_seconds=0.25, slow_seconds=30)
# What one reading of the store may add at once.
PAGE_BYTES = FRAMES_PER_PAGE * BYTES_PER_FRAME
CHUNK = 5


class Gate:
    """A transport that takes frames while it is open."""

    def __init__(self) -> None:
        self.flows = asyncio.Event()
        self.flows.set()
        self.taken: list[bytes] = []
        self.closed_with: CloseCode | None = None

    async def receive(self):
        await asyncio.Event().wait()

    async def send(self, data):
        await self.flows.wait()
        if self.closed_with is not None:
            raise ConnectionError
        self.taken.append(data)

    async def close(self, code, _reason):
        self.closed_with = code

    @property
    def is_open(self):
        return self.closed_with is None

    @property
    def facts(self):
        seqs = []
        for frame in map(msgspec.json.decode, self.taken):
            if frame["t"] == "fact":
                seqs.append(frame["seq"])
            if frame["t"] == "facts":
                seqs += [fact["seq"] for fact in frame["facts"]]
        return seqs


class Scene:
    """vera's connection, the store behind it, and a peer that stops and goes."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.supervisor = Supervisor()
        self.gate = Gate()
        self.stored = []
        patience = Patience(1, 10, 10, 1e9, 10, 10)
        self.session = VisitorSession("tab", patience=patience, limits=LIMITS, now=1000.0)
        services = SimpleNamespace(
            clock=self.clock,
            supervisor=self.supervisor,
            wheel=Wheel(self.clock),
            bounds=BOUNDS,
            crowd=Crowd(node=10, address=10),
        )
        self.connection = Connection(
            self.gate, services, session=self.session, decoder=visitor_decoder, max_bytes=16384
        )
        self.connection.perform = self.perform
        play = Play()
        play.session = self.session
        play.arrives(chat(0))
        self.connection.apply(self.session.caught_up("c", []))

    async def perform(self, effect):
        await asyncio.sleep(0)
        match effect:
            case Follow(_, after):
                facts = self.stored[after or 0 :]
                page = [for_visitor(fact) for fact in facts[:CHUNK]]
                return self.session.caught_up("c", page, more=len(facts) > CHUNK)
            case LoadMarks():
                return self.session.marks_loaded("c", 0, 0)
        return []

    async def act(self, step):
        kind, number = step
        match kind:
            case "write":
                for _ in range(number):
                    self.stored.append(said(len(self.stored) + 1, text="x" * 300))
                    self.tell(self.stored[-1])
            case "stop":
                self.gate.flows.clear()
            case "flow":
                self.gate.flows.set()
            case "turn":
                await turns(number)
        assert self.connection.waiting_bytes <= BOUNDS.bytes + PAGE_BYTES
        assert self.gate.facts == list(range(1, len(self.gate.facts) + 1))

    def tell(self, fact):
        self.connection.apply(self.session.told(Delivery(fact)))


async def turns(number):
    for _ in range(3 * number):
        await asyncio.sleep(0)


STEPS = st.lists(
    st.tuples(st.sampled_from(["write", "write", "stop", "flow", "turn"]), st.integers(1, 9)),
    max_size=40,
)


@given(STEPS)
def test_little_waits_and_everything_arrives_in_order(steps):
    async def play():
        scene = Scene()
        for step in steps:
            await scene.act(step)
        scene.gate.flows.set()
        await turns(200)
        if scene.stored:
            scene.tell(scene.stored[-1])  # as the tail would
        await turns(200)
        assert scene.gate.facts == list(range(1, len(scene.stored) + 1))
        await scene.supervisor.close()

    asyncio.run(play())


@given(STEPS, STEPS)
def test_nothing_leaves_after_access_was_lost(before, after):
    async def play():
        scene = Scene()
        for step in before:
            await scene.act(step)
        scene.connection.hang(CloseCode.SITE_DISABLED, "no more")
        taken = len(scene.gate.taken)
        for step in after:
            await scene.act(step)
        scene.gate.flows.set()
        await turns(100)
        assert (len(scene.gate.taken), scene.gate.closed_with) == (taken, CloseCode.SITE_DISABLED)
        await scene.supervisor.close()

    asyncio.run(play())
