"""The network between one client and one node: latency, cuts, silence, stalls. In order."""

from typing import Any, Protocol

from chatserver.protocol.codes import CloseCode
from tests.prove.chance import Chance
from tests.prove.client.connection import Connection
from tests.prove.schedule import Schedule

NO_STATUS = 1006


class ServerEnd(Protocol):
    def received(self, data: bytes) -> None: ...

    def peer_gone(self) -> None: ...

    def writable(self) -> None: ...


class Watch(Protocol):
    """Told when a connection is disturbed, for the times of recovery. `name`: of the process."""

    name: str

    def disturbed(self, kind: str, seconds: float = 0.0) -> None: ...


class Link:
    """One transport. The client sees a `Line`; the server's end comes when it was accepted."""

    def __init__(self, schedule: Schedule, chance: Chance, *, latency: float, watch: Watch) -> None:
        self._schedule, self._chance, self._latency = schedule, chance, latency
        self._watch = watch
        self.process = watch.name
        self._client: Connection | None = None
        self.server: ServerEnd | None = None
        self.is_cut = False
        self.is_silent = False  # half-open: whatever is sent vanishes, and nobody is told
        self.is_stalled = False
        self.client_left = False
        self._up_at = self._down_at = 0.0

    # The client's side

    def attach(self, client: Connection) -> None:
        self._client = client

    def send(self, data: bytes) -> None:
        if self._is_gone():
            return
        self._roll()
        self._up(data)
        chance = self._chance
        if b'"t":"send"' in data and chance.strikes("send twice", chance.weather.twice):
            self._up(data)
        elif b'"t":"read"' in data and chance.strikes("read mark late", chance.weather.mark_late):
            self._schedule.after(chance.between(0.1, 4.0), self._arrive_up, data)

    def close(self) -> None:
        """What was sent still arrives, then the server sees the end."""
        self.client_left = True
        if not self._is_gone():
            self._up(None)

    def opened(self) -> None:
        if self._client and not self.is_cut:
            self._client.opened(self)

    def refuse(self) -> None:
        if self._client:
            self._client.closed(self, NO_STATUS)

    # The server's side

    def send_down(self, data: bytes) -> None:
        if self._is_gone():
            return
        self._roll()
        self._down(data)

    def close_down(self, code: int) -> None:
        if code == CloseCode.DRAIN:
            self._watch.disturbed("node drained")
        if not self._is_gone():
            self._down(code)

    def all_read(self) -> None:
        """A socket waits for more."""

    # Faults

    def cut(self, kind: str = "connection cut") -> None:
        """Both ends learn of it; what was on the way is lost."""
        if self.is_cut:
            return
        self.is_cut = True
        if not self.is_silent:
            self._watch.disturbed(kind)
            self._schedule.after(self._chance.between(0.001, 0.2), self.refuse)
        self._schedule.after(self._chance.between(0.001, 0.2), self._server_gone)

    def go_silent(self) -> None:
        self.is_silent = True
        self._watch.disturbed("half-open")

    def stall(self, seconds: float) -> None:
        if self.is_stalled:
            return
        self.is_stalled = True
        self._watch.disturbed("slow reader", seconds)
        self._schedule.after(seconds, self._flow)

    # Inside

    def _is_gone(self) -> bool:
        if self.is_cut or self.is_silent:
            self._chance.lost_frames += 1
            return True
        return False

    def _roll(self) -> None:
        chance = self._chance
        if chance.calm:
            return
        dice, weather = chance.random.random(), chance.weather
        if dice < weather.cut:
            chance.faults["connection cut"] += 1
            self.cut()
        elif dice < weather.cut + weather.half_open:
            chance.faults["half-open"] += 1
            self.go_silent()
        elif dice < weather.cut + weather.half_open + weather.stall and self.server:
            chance.faults["slow reader"] += 1
            self.stall(chance.between(1.0, 15.0))

    def _up(self, data: bytes | None) -> None:
        now = self._schedule.now
        self._up_at = max(self._up_at, now + self._latency)
        self._schedule.after(self._up_at - now, self._arrive_up, data)

    def _down(self, data: bytes | int) -> None:
        now = self._schedule.now
        self._down_at = max(self._down_at, now + self._latency)
        self._schedule.after(self._down_at - now, self._arrive_down, data)

    def _arrive_up(self, data: bytes | None) -> None:
        if self.server is None or self._is_gone():
            return
        if data is None:
            self._server_gone()
        else:
            self.server.received(data)

    def _arrive_down(self, data: Any) -> None:
        client = self._client
        if client is None or self.client_left or self._is_gone():
            return
        if isinstance(data, bytes):
            client.message(self, data)
        else:
            self.is_cut = True
            self._schedule.soon(self._server_gone)
            client.closed(self, data)

    def _server_gone(self) -> None:
        server, self.server = self.server, None
        if server is not None:
            server.peer_gone()

    def _flow(self) -> None:
        self.is_stalled = False
        if self.server is not None and not self.is_cut:
            self.server.writable()
