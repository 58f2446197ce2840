"""How polls travel and what a node makes of each: realtime/poll.py and poll_transport.py without a
loop."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from chatserver.protocol.codes import CloseCode
from chatserver.realtime.poll_transport import is_news, matters_now
from tests.prove.client.poll import LOST, Answer, Then
from tests.prove.link import Watch
from tests.prove.socket import Socket

if TYPE_CHECKING:
    from tests.prove.node import Node
    from tests.prove.site import Site

HOLD_SECONDS = 25.0


class Exchange:
    """One request, in the place of a link: gathers what the socket says until the answer is
    complete. The client's `Held`."""

    is_stalled = False

    def __init__(self, site: "Site", watch: Watch, *, holds: bool, then: Then) -> None:
        self._site, self._watch, self._holds, self._then = site, watch, holds, then
        self.process = watch.name
        self.server: Socket | None = None
        self._frames: list[bytes] = []
        self._closed_with: int | None = None
        self._is_greeting, self._has_news = True, False
        self._is_over = self._is_silent = False
        self._latency = site.chance.between(0.002, 0.060)

    # The client's side

    def abort(self) -> None:
        self._is_over = True
        self._site.schedule.after(self._latency, self._leave)

    def go(self, node: "Node", frames: list[bytes], *, visitor: bool) -> None:
        chance, weather = self._site.chance, self._site.chance.weather
        self._is_silent = chance.strikes("poll never answered", weather.half_open)
        if self._is_silent:
            self._watch.disturbed("half-open")
        if not chance.strikes("poll lost", weather.cut):
            self._site.schedule.after(self._latency, self._reach, node, frames, visitor)
        else:
            self.cut("poll lost")

    def _reach(self, node: "Node", frames: list[bytes], visitor: bool) -> None:
        if self._is_over:
            return
        if not node.is_up:
            self._fail(LOST)
            return
        node.accept_poll(self, holds=self._holds, visitor=visitor)
        self._site.schedule.after(HOLD_SECONDS, self._end)
        for frame in frames:
            if self.server is not None:
                self.server.received(frame)

    # The node's side: what a socket expects of its link

    def send_down(self, data: bytes) -> None:
        self._frames.append(data)
        ends_hold = is_news if self._is_greeting else matters_now
        self._has_news = self._has_news or ends_hold(data)
        self._look()

    def close_down(self, code: int) -> None:
        if code == CloseCode.DRAIN:
            self._watch.disturbed("node drained")
        self._closed_with = code
        self._look()

    def all_read(self) -> None:
        self._is_greeting = False
        self._look()

    def cut(self, kind: str) -> None:
        """Nothing comes back."""
        self._watch.disturbed(kind)
        self._site.schedule.after(self._latency, self._fail, LOST)
        self._leave()

    # Inside

    def _look(self) -> None:
        if self._is_complete():
            self._site.schedule.soon(self._end)

    def _is_complete(self) -> bool:
        if self._closed_with is not None:
            return True
        if self._is_greeting or self.server is None:
            return False
        return self._has_news if self._holds else not self.server.session.pending

    def _end(self) -> None:
        if self.server is None:
            return
        self._leave()
        chance = self._site.chance
        if chance.strikes("answer of a poll lost", chance.weather.cut):
            self._watch.disturbed("poll lost")
            self._site.schedule.after(self._latency, self._fail, LOST)
        else:
            self._site.schedule.after(
                self._latency, self._answer, Answer(self._frames, self._closed_with)
            )

    def _leave(self) -> None:
        server, self.server = self.server, None
        if server is not None:
            server.peer_gone()

    def _fail(self, code: int) -> None:
        self._answer(Answer(failed=code))

    def _answer(self, answer: Answer) -> None:
        if not self._is_over and not self._is_silent:
            self._is_over = True
            self._then(answer)


class Way:
    """One person's way to the nodes without sockets, until they dial again."""

    def __init__(
        self, site: "Site", watch: Watch, choose: Callable[[], "Node | None"], *, visitor: bool
    ) -> None:
        self._site, self._watch, self._choose, self._visitor = site, watch, choose, visitor

    def __call__(self, hello: bytes, frames: list[bytes], hold: bool, then: Then) -> Exchange:
        exchange = Exchange(self._site, self._watch, holds=hold, then=then)
        node = self._choose()
        if node is not None:  # else the network is away: nobody ever answers
            exchange.go(node, [hello, *frames], visitor=self._visitor)
        return exchange
