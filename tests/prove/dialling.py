"""How clients reach a node: any that answers, through a network that may be away, or that lets no
WebSocket through."""

from tests.prove.client.connection import Connection
from tests.prove.client.poll import Poll
from tests.prove.link import Link
from tests.prove.node import Node
from tests.prove.observer import Observer
from tests.prove.polling import Way
from tests.prove.schedule import Clock
from tests.prove.site import Site

# Of all people.
BLOCKED = 0.1


class Network:
    """One person's way out. `is_away`: the laptop sleeps, the train is in a tunnel."""

    def __init__(self, site: Site, nodes: list[Node]) -> None:
        self._site, self._nodes = site, nodes
        self.is_away = False
        self._links: list[Link] = []
        self._is_blocked = site.chance.random.random() < BLOCKED

    def dial(
        self, connection: Connection, observer: Observer, clock: Clock, *, visitor: bool
    ) -> Link | Poll:
        if self._is_blocked:
            return self._poll(connection, observer, clock, visitor=visitor)
        return self._connect(connection, observer, visitor=visitor)

    def go_away(self) -> None:
        self.is_away = True
        for link in self._links:
            link.is_silent = True

    def _connect(self, connection: Connection, observer: Observer, *, visitor: bool) -> Link:
        chance, schedule = self._site.chance, self._site.schedule
        latency = chance.between(0.002, 0.060)
        link = Link(schedule, chance, latency=latency, watch=observer)
        link.attach(connection)
        if self.is_away:
            schedule.after(chance.between(0.1, 2.0), link.refuse)
            return link
        self._links = [old for old in self._links if not old.is_cut]
        self._links.append(link)
        schedule.after(2 * latency, self._reach, self._node(), link, visitor)
        return link

    def _poll(
        self, connection: Connection, observer: Observer, clock: Clock, *, visitor: bool
    ) -> Poll:
        self._site.chance.faults["WebSocket blocked"] += 1
        way = Way(self._site, observer, self._node_if_here, visitor=visitor)
        poll = Poll(connection, clock, way)
        clock.soon(connection.opened, poll)
        return poll

    def _node(self) -> Node:
        return self._site.chance.random.choice(self._nodes)

    def _node_if_here(self) -> Node | None:
        return None if self.is_away else self._node()

    def _reach(self, node: Node, link: Link, visitor: bool) -> None:
        if not node.is_up or link.client_left:
            link.refuse()
            return
        node.accept(link, visitor=visitor)
        link.opened()
