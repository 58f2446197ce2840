"""What the hub tells a session. Pure."""

from chatserver.conversation.facts import Fact
from chatserver.conversation.projection import for_agent, for_visitor
from chatserver.protocol.codec import encode
from chatserver.realtime.hints import CertaintyHint, Hint, HoursHint


class Delivery:
    """A fact on its way to many connections. Frames are made when first asked for."""

    __slots__ = ("_agent", "_visitor", "fact")

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        self._visitor: bytes | None = None
        self._agent: bytes | None = None

    def visitor_frame(self) -> bytes:
        """Only for facts that have a `visitor_seq`."""
        if self._visitor is None:
            frame = for_visitor(self.fact)
            if frame is None:
                raise ValueError("this fact is not for visitors")
            self._visitor = encode(frame)
        return self._visitor

    def agent_frame(self, agent_id: str) -> bytes:
        if self.fact.author.id == agent_id:
            return encode(for_agent(self.fact, agent_id))
        if self._agent is None:
            self._agent = encode(for_agent(self.fact))
        return self._agent


News = Delivery | Hint | CertaintyHint | HoursHint
