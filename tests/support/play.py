"""Sessions on a stage: a test says what the client says and what the world does, and reads what the
session answers. No socket, no store, no loop.

    play = VisitorPlay()
    play.arrives(chat)                      # hello and welcome
    assert play.says(t="send", …) == […]    # effects
    assert play.frames[-1]["t"] == "reply"  # what the client would see
"""

from collections.abc import Sequence
from math import inf
from typing import Any, Generic, TypeVar

import msgspec

from chatserver.config import Settings
from chatserver.conversation.events import MessageSent
from chatserver.conversation.facts import Body, Fact
from chatserver.conversation.model import Actor, Conversation, Phase
from chatserver.conversation.projection import for_agent, for_visitor
from chatserver.errors import ChatError
from chatserver.identity.model import AgentSession as Signed
from chatserver.identity.model import Arrival, Role
from chatserver.protocol.codec import Decoder, agent_decoder, encode, visitor_decoder
from chatserver.protocol.shared import Limits
from chatserver.realtime.admission import Admitted
from chatserver.realtime.agent_session import AgentSession
from chatserver.realtime.effects import Effect, Hang, Send, SendBytes
from chatserver.realtime.manners import Patience
from chatserver.realtime.visitor_session import VisitorSession
from chatserver.realtime.visitor_welcome import Arrived, Door
from tests.support.world import ANN, BEGAN, VERA, site, visitor

EPOCH = "epoch-1"
NOW = "2026-03-02T08:00:00.000Z"
OPEN = Door("online")
SETTINGS = Settings()
LIMITS = Limits(
    SETTINGS.text_chars,
    SETTINGS.visitor_frame_bytes,
    100,
    files=2,
    file_bytes=9,
    file_types=[".png"],
)

Actress = TypeVar("Actress", VisitorSession, AgentSession)


def patience(rate: float, burst: int) -> Patience:
    s = SETTINGS
    return Patience(
        rate, burst, s.hello_seconds, s.ping_seconds, s.pong_seconds, s.pending_requests
    )


class Play(Generic[Actress]):
    """One session, its clock, and everything it has sent. `closed` is its close code."""

    def __init__(self, session: Actress, decoder: Decoder[Any]) -> None:
        self.session = session
        self.now = 1000.0
        self.frames: list[dict[str, Any]] = []
        self.closed: int | None = None
        self._decoder = decoder

    def says(self, **frame: Any) -> list[Effect]:
        """The client sends a frame, as JSON like a real one."""
        return self.writes(msgspec.json.encode(frame))

    def writes(self, data: bytes) -> list[Effect]:
        """The client sends bytes."""
        try:
            frame = self._decoder.decode(data)
        except ChatError as error:
            return self.sees(self.session.frame_refused(error))
        return self.sees(self.session.frame_received(frame, self.now))

    def waits(self, seconds: int) -> list[Effect]:
        """Time passes; the wheel rings every second."""
        effects: list[Effect] = []
        for _ in range(seconds):
            self.now += 1
            effects += self.sees(self.session.ticked(self.now))
        return effects

    def sees(self, effects: Sequence[Effect]) -> list[Effect]:
        """Notes what the client gets; returns what the desk would have to do."""
        rest: list[Effect] = []
        for effect in effects:
            match effect:
                case Send():
                    self.frames.append(msgspec.json.decode(encode(effect.frame)))
                case SendBytes():
                    self.frames.append(msgspec.json.decode(effect.data))
                case Hang():
                    self.closed = effect.code
                case _:
                    rest.append(effect)
        return rest

    @property
    def last(self) -> dict[str, Any]:
        return self.frames[-1]

    @property
    def problem(self) -> str:
        """The code of the last frame, which must be a refusal."""
        code: str = self.last["error"]["code"]
        return code

    def of(self, kind: str) -> list[dict[str, Any]]:
        """All frames of a kind."""
        return [frame for frame in self.frames if frame["t"] == kind]

    @property
    def facts(self) -> list[int]:
        """The numbers of all facts the client was sent, in that order."""
        found: list[int] = []
        for frame in self.frames:
            if frame["t"] == "fact":
                found.append(frame["seq"])
            if frame["t"] == "facts":
                found += [fact["seq"] for fact in frame["facts"]]
        return found


class VisitorPlay(Play[VisitorSession]):
    def __init__(self, **limits: float) -> None:
        rate, burst = SETTINGS.visitor_rate, SETTINGS.visitor_burst
        calm = msgspec.structs.replace(patience(rate, burst), **limits)
        session = VisitorSession("tab-1", patience=calm, limits=LIMITS, now=1000.0)
        super().__init__(session, visitor_decoder)

    def greets(self, **more: Any) -> list[Effect]:
        hello = {"t": "hello", "v": 1, "site": "key-of-shop", "ticket": "frame", "tab": "1"}
        return self.says(**hello | more)

    def arrives(
        self,
        state: Conversation | None = None,
        *,
        read: int = 0,
        agent_read: int = 0,
        ends_at: float = inf,
        **more: Any,
    ) -> list[Effect]:
        """The hello was good: what the desk has to do next."""
        self.greets(**more)
        arrival = Arrival(visitor(VERA), site(), "token-1", BEGAN)
        found = Arrived(arrival, EPOCH, NOW, OPEN, state, read, agent_read, ends_at)
        return self.sees(self.session.arrived(found))

    def catches_up(self, facts: Sequence[Fact]) -> list[Effect]:
        """The desk read these facts."""
        shown = [frame for fact in facts if (frame := for_visitor(fact)) is not None]
        return self.sees(self.session.caught_up("c", shown))


class AgentPlay(Play[AgentSession]):
    def __init__(self, **limits: float) -> None:
        calm = patience(SETTINGS.agent_rate, SETTINGS.agent_burst)
        calm = msgspec.structs.replace(calm, **limits)
        session = AgentSession("console-1", patience=calm, limits=LIMITS, now=1000.0)
        super().__init__(session, agent_decoder)

    def greets(self, **more: Any) -> list[Effect]:
        return self.says(**{"t": "hello", "v": 1, "ticket": "agent", "tab": "1"} | more)

    def arrives(self, *, position: int = 0, **more: Any) -> list[Effect]:
        self.greets(**more)
        found = Admitted(signed(), EPOCH, NOW, position, "online")
        return self.sees(self.session.arrived(found))

    def catches_up(self, facts: Sequence[Fact]) -> list[Effect]:
        return self.sees(self.session.caught_up("c", [for_agent(fact, "ann") for fact in facts]))


def signed(role: Role = Role.AGENT) -> Signed:
    return Signed("session-1", "acme", "ann", "person-ann", "Ann", "", role, "en", "csrf")


def chat(seq: int = 1, visitor_seq: int | None = None) -> Conversation:
    """The conversation `c` of vera with so many facts."""
    shown = seq if visitor_seq is None else visitor_seq
    return Conversation(
        "c", "acme", "shop", "vera", BEGAN, BEGAN, BEGAN, Phase.QUEUED, None, seq, shown
    )


def said(seq: int, *, actor: Actor = VERA, visitor_seq: int | None = -1, text: str = "Hi") -> Fact:
    """A message at `seq` of conversation `c`; `visitor_seq` None: a note."""
    private = visitor_seq is None
    shown = seq if visitor_seq == -1 else visitor_seq
    body = Body(text, actor.name)
    event = MessageSent(private)
    return Fact(seq, "acme", "c", seq, shown, actor, BEGAN, event, body, f"m-{seq}")


__all__ = ["ANN", "EPOCH", "VERA", "AgentPlay", "VisitorPlay", "chat", "said", "signed"]
