"""What networks do to single connections, one after the other, all the time."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.prove_long.onlooker import Onlooker
from tests.support.proxy import Pipe, Way

if TYPE_CHECKING:
    from tests.prove_long.town import Town

LATENCY = (0.2, 2.0)
BANDWIDTH = (500.0, 5_000.0)  # bytes a second: a train in the hills
WEATHER_SECONDS = 6.0
IDLE_SECONDS = 2.0


class NetFaults:
    def __init__(self, town: "Town") -> None:
        self._town = town
        # Name, and the class whose recovery it counts for. A trickle is as good as silence.
        self._kinds: list[tuple[str, Callable[[Onlooker, Pipe], None]]] = [
            ("latency", self._latency),
            ("bandwidth", self._bandwidth),
            ("trickle of 1 byte/s", self._trickle),
            ("reset", self._reset),
            ("half-open", self._half_open),
            ("one way up", lambda onlooker, pipe: self._one_way(onlooker, pipe, Way.UP)),
            ("one way down", lambda onlooker, pipe: self._one_way(onlooker, pipe, Way.DOWN)),
            ("cut mid-frame", self._cut),
            ("idle-kill", self._idle),
        ]

    async def play(self) -> None:
        town = self._town
        number = 0
        while not town.is_calm:
            await asyncio.sleep(town.random.expovariate(1 / town.plan.net_pause))
            found = self._healthy()
            if found is None:
                continue
            kind, strike = self._kinds[number % len(self._kinds)]
            number += 1
            town.faults[kind] += 1
            strike(*found)

    def _healthy(self) -> tuple[Onlooker, Pipe] | None:
        """A client with a sound connection."""
        onlooker = self._town.random.choice(self._town.onlookers)
        line = onlooker.line
        if onlooker.is_troubled or line is None or onlooker.connection.stage != "live":
            return None
        if onlooker.author in self._town.witness.gone:
            return None  # see `AgentPerson.sign_out`
        pipe = line.door.proxy.pipes.get(line.port)
        return None if pipe is None else (onlooker, pipe)

    def _latency(self, onlooker: Onlooker, pipe: Pipe) -> None:
        pipe.delay(self._town.random.uniform(*LATENCY))
        self._pass_by("slow line", onlooker, lambda: pipe.delay(0))

    def _bandwidth(self, onlooker: Onlooker, pipe: Pipe) -> None:
        pipe.narrow(self._town.random.uniform(*BANDWIDTH))
        self._pass_by("slow line", onlooker, lambda: pipe.narrow(0))

    def _trickle(self, onlooker: Onlooker, pipe: Pipe) -> None:
        pipe.narrow(1)
        onlooker.cut_off("half-open or frozen peer")

    def _reset(self, onlooker: Onlooker, pipe: Pipe) -> None:
        onlooker.cut_off("connection reset")
        pipe.reset()

    def _half_open(self, onlooker: Onlooker, pipe: Pipe) -> None:
        onlooker.cut_off("half-open or frozen peer")
        pipe.swallow()

    def _one_way(self, onlooker: Onlooker, pipe: Pipe, way: Way) -> None:
        onlooker.cut_off("half-open or frozen peer")
        pipe.swallow(way)

    def _cut(self, _onlooker: Onlooker, pipe: Pipe) -> None:
        """Strikes with the next frame, whenever that is; the client then sees its end."""
        pipe.cut_mid_frame(self._town.random.choice(list(Way)))

    def _idle(self, _onlooker: Onlooker, pipe: Pipe) -> None:
        """Strikes when both sides are silent for so long; the client then sees its end."""
        pipe.kill_when_idle(IDLE_SECONDS)

    def _pass_by(self, kind: str, onlooker: Onlooker, end: Callable[[], None]) -> None:
        onlooker.disturbed(kind, is_over=False)

        def over() -> None:
            end()
            if onlooker.is_troubled:
                onlooker.mended(kind)

        self._town.pace.after(WEATHER_SECONDS, over)
