"""Who is here. Known to this process only; not stored, may be forgotten at any time.

Somebody who vanishes counts as present for a grace time: people reload pages and lose networks.
"""

from collections import Counter
from collections.abc import Callable

from chatserver.broker.base import Broker
from chatserver.protocol.agent import AgentStatus
from chatserver.protocol.visitor import Availability
from chatserver.realtime.hints import (
    AgentHint,
    VisitorHint,
    encode,
    presence_topic,
    workspace_topic,
)

# How long after the last connection closed, in seconds.
VISITOR_GRACE = 5.0
AGENT_GRACE = 15.0

Later = Callable[[float, Callable[[], None]], object]
Key = tuple[str, str]


class Presence:
    """`later` is the loop's `call_later`. Keys are (workspace, visitor or agent)."""

    def __init__(self, broker: Broker, later: Later) -> None:
        self._broker = broker
        self._later = later
        self._visitors: Counter[Key] = Counter()
        self._agents: Counter[Key] = Counter()
        self._chosen: dict[Key, AgentStatus] = {}
        self._names: dict[Key, str] = {}

    def visitor_came(self, workspace_id: str, visitor_id: str) -> None:
        key = (workspace_id, visitor_id)
        self._visitors[key] += 1
        if self._visitors[key] == 1:
            self.tell_visitor(workspace_id, visitor_id)

    def visitor_left(self, workspace_id: str, visitor_id: str, *, grace: float = 0) -> None:
        """`grace` where it takes longer than ours to be back."""
        self._later(
            max(grace, VISITOR_GRACE), lambda: self._forget_visitor(workspace_id, visitor_id)
        )

    def is_online(self, workspace_id: str, visitor_id: str) -> bool:
        return (workspace_id, visitor_id) in self._visitors

    def tell_visitor(self, workspace_id: str, visitor_id: str) -> None:
        """Something agents see of this visitor changed."""
        self._broker.publish(workspace_topic(workspace_id), encode(VisitorHint(visitor_id)))

    def agent_came(self, workspace_id: str, agent_id: str, name: str) -> AgentStatus:
        """Counts a console; returns the status its agent has from now on."""
        key = (workspace_id, agent_id)
        self._agents[key] += 1
        self._names[key] = name
        if self._agents[key] == 1:
            self._tell_agent(key)
        return self.status(workspace_id, agent_id)

    def agent_left(self, workspace_id: str, agent_id: str, *, grace: float = 0) -> None:
        self._later(max(grace, AGENT_GRACE), lambda: self._forget_agent((workspace_id, agent_id)))

    def choose_status(self, workspace_id: str, agent_id: str, status: AgentStatus) -> None:
        key = (workspace_id, agent_id)
        self._chosen[key] = status
        self._tell_agent(key)

    def status(self, workspace_id: str, agent_id: str) -> AgentStatus:
        key = (workspace_id, agent_id)
        return self._chosen.get(key, "online") if key in self._agents else "offline"

    def statuses(self, workspace_id: str) -> dict[str, AgentStatus]:
        """Of everybody who is here."""
        here = [agent for workspace, agent in self._agents if workspace == workspace_id]
        return {agent: self.status(workspace_id, agent) for agent in here}

    def availability(self, workspace_id: str) -> Availability:
        """Whether any agent of the workspace takes chats now."""
        return "online" if "online" in self.statuses(workspace_id).values() else "offline"

    def _forget_visitor(self, workspace_id: str, visitor_id: str) -> None:
        key = (workspace_id, visitor_id)
        self._visitors[key] -= 1
        if self._visitors[key] <= 0:
            del self._visitors[key]
            self.tell_visitor(workspace_id, visitor_id)

    def _forget_agent(self, key: Key) -> None:
        self._agents[key] -= 1
        if self._agents[key] <= 0:
            del self._agents[key]
            self._tell_agent(key)

    def _tell_agent(self, key: Key) -> None:
        workspace_id, agent_id = key
        hint = AgentHint(agent_id, self._names.get(key, ""), self.status(workspace_id, agent_id))
        self._broker.publish(presence_topic(workspace_id), encode(hint))
