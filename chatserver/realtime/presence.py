"""Who is here, at this node and at the others. Not stored, may be forgotten at any time.

Somebody who vanishes counts as present for a grace time: people reload pages and lose networks.
What nobody could tell us is unknown, and unknown is not absent.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

from chatserver.broker.base import Broker
from chatserver.clock import Clock
from chatserver.protocol.agent import AgentStatus
from chatserver.protocol.visitor import Availability
from chatserver.realtime.hints import (
    AgentHint,
    CertaintyHint,
    SentBackHint,
    VisitorHint,
    encode,
    presence_topic,
    visitor_topic,
    workspace_topic,
)
from chatserver.realtime.hub import Hub
from chatserver.realtime.people import Choice, People
from chatserver.realtime.roll import Key, Roll

# How long after the last connection closed, in seconds.
VISITOR_GRACE = 5.0
AGENT_GRACE = 15.0

Later = Callable[[float, Callable[[], None]], object]


class Share(Protocol):
    """Who passes on to other nodes what changed at this one."""

    def visitor(self, key: Key, *, is_here: bool) -> None: ...

    def agent(self, key: Key, *, is_here: bool) -> None: ...

    def choice(self, choice: Choice) -> None: ...


class Presence:
    """`later` is the loop's `call_later`. Keys are (workspace, visitor or agent)."""

    def __init__(self, broker: Broker, hub: Hub, later: Later, clock: Clock) -> None:
        self._broker = broker
        self._hub = hub
        self._later = later
        self._clock = clock
        self._visitors = Roll()
        self._agents = Roll()
        self._chosen: dict[Key, Choice] = {}
        self._names: dict[Key, str] = {}
        self._is_certain = True
        self.share: Share | None = None

    def visitor_came(self, workspace_id: str, visitor_id: str) -> None:
        key = (workspace_id, visitor_id)
        was_there = key in self._visitors
        if self._visitors.add(key) and self.share:
            self.share.visitor(key, is_here=True)
        if not was_there:
            self._visitors_changed([key])

    def visitor_left(self, workspace_id: str, visitor_id: str, *, grace: float = 0) -> None:
        """`grace` where it takes longer than ours to be back."""
        key = (workspace_id, visitor_id)
        self._later(max(grace, VISITOR_GRACE), lambda: self._forget_visitor(key))

    def is_online(self, workspace_id: str, visitor_id: str) -> bool:
        return (workspace_id, visitor_id) in self._visitors

    def is_absent(self, workspace_id: str, visitor_id: str) -> bool:
        """Surely connected nowhere: a node that never heard of the others cannot know that."""
        return self._is_certain and not self.is_online(workspace_id, visitor_id)

    def tell_visitor(self, workspace_id: str, visitor_id: str) -> None:
        """Something else that agents see of this visitor changed: on every node."""
        self._broker.publish(workspace_topic(workspace_id), encode(VisitorHint(visitor_id)))

    def send_back(self, visitor_id: str) -> None:
        """Every connection of this visitor has to say anew who it is: on every node."""
        self._broker.publish(visitor_topic(visitor_id), encode(SentBackHint()))

    def agent_came(self, workspace_id: str, agent_id: str, name: str) -> AgentStatus:
        """Counts a console; returns the status its agent has from now on."""
        key = (workspace_id, agent_id)
        self._names[key] = name
        was_there = key in self._agents
        if self._agents.add(key) and self.share:
            self.share.agent(key, is_here=True)
        if not was_there:
            self._agents_changed([key])
        return self.status(workspace_id, agent_id)

    def agent_left(self, workspace_id: str, agent_id: str, *, grace: float = 0) -> None:
        key = (workspace_id, agent_id)
        self._later(max(grace, AGENT_GRACE), lambda: self._forget_agent(key))

    def choose_status(self, workspace_id: str, agent_id: str, status: AgentStatus) -> None:
        choice = Choice(workspace_id, agent_id, status, self._clock.now().timestamp())
        self._chosen[(workspace_id, agent_id)] = choice
        if self.share:
            self.share.choice(choice)
        self._agents_changed([(workspace_id, agent_id)])

    def status(self, workspace_id: str, agent_id: str) -> AgentStatus:
        key = (workspace_id, agent_id)
        if key not in self._agents:
            return "offline"
        choice = self._chosen.get(key)
        return choice.status if choice else "online"

    def statuses(self, workspace_id: str) -> dict[str, AgentStatus]:
        """Of everybody who is here."""
        there = [agent for workspace, agent in self._agents if workspace == workspace_id]
        return {agent: self.status(workspace_id, agent) for agent in there}

    def availability(self, workspace_id: str) -> Availability:
        """Whether any agent of the workspace takes chats now. A node that never heard of the others
        cannot know that nobody does."""
        if not self._is_certain:
            return "online"
        return "online" if "online" in self.statuses(workspace_id).values() else "offline"

    # What other nodes say

    def everybody(self) -> People:
        """All of this node."""
        agents = [(*key, self.name(key)) for key in self._agents.here()]
        return People(list(self._visitors.here()), agents)

    def name(self, key: Key) -> str:
        return self._names.get(key, "")

    def choices(self) -> list[Choice]:
        return list(self._chosen.values())

    def changed_elsewhere(self, node: str, came: People, left: People) -> None:
        self._learn_names(came)
        gone = [key[:2] for key in left.agents]
        self._visitors_changed(self._visitors.change(node, came.visitors, left.visitors))
        self._agents_changed(self._agents.change(node, _keys(came), gone))

    def replaced_elsewhere(self, node: str, people: People) -> None:
        """All of another node. With nobody: it is gone."""
        self._learn_names(people)
        self._visitors_changed(self._visitors.replace(node, people.visitors))
        self._agents_changed(self._agents.replace(node, _keys(people)))

    def chosen_elsewhere(self, choices: Iterable[Choice]) -> None:
        """The latest choice of each counts, wherever it was made."""
        for choice in choices:
            key = (choice.workspace_id, choice.agent_id)
            ours = self._chosen.get(key)
            if ours is None or choice.at > ours.at:
                self._chosen[key] = choice
                self._agents_changed([key])

    def be_certain(self, is_certain: bool) -> None:
        """Whether the other nodes have been heard at all."""
        if is_certain != self._is_certain:
            self._is_certain = is_certain
            for topic in self._hub.topics(presence_topic("")):
                self._tell(topic, CertaintyHint())

    def _forget_visitor(self, key: Key) -> None:
        if self._visitors.remove(key) and self.share:
            self.share.visitor(key, is_here=False)
        if key not in self._visitors:
            self._visitors_changed([key])

    def _forget_agent(self, key: Key) -> None:
        if self._agents.remove(key) and self.share:
            self.share.agent(key, is_here=False)
        if key not in self._agents:
            self._agents_changed([key])

    def _visitors_changed(self, keys: Iterable[Key]) -> None:
        for workspace_id, visitor_id in keys:
            self._tell(workspace_topic(workspace_id), VisitorHint(visitor_id))

    def _agents_changed(self, keys: Iterable[Key]) -> None:
        for workspace_id, agent_id in keys:
            name, status = self.name((workspace_id, agent_id)), self.status(workspace_id, agent_id)
            hint = AgentHint(agent_id, name, status)
            self._tell(presence_topic(workspace_id), hint)

    def _tell(self, topic: str, news: AgentHint | VisitorHint | CertaintyHint) -> None:
        """This node's listeners alone, on a stack of their own: each node finds out by itself."""
        self._later(0, lambda: self._hub.tell(topic, news))

    def _learn_names(self, people: People) -> None:
        for workspace_id, agent_id, name in people.agents:
            self._names[(workspace_id, agent_id)] = name


def _keys(people: People) -> list[Key]:
    return [(workspace_id, agent_id) for workspace_id, agent_id, _ in people.agents]
