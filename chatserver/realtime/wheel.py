"""One clock for all connections: rings each of them when its second comes."""

import asyncio
from collections.abc import Callable

from chatserver.clock import Clock

Ring = Callable[[float], None]


class Wheel:
    """Calls every entry about once a second, spread over the second so that 20,000 connections do
    not ring at the same moment. Run `run()` for as long as connections live."""

    SPOKES = 20

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._spokes: list[dict[int, Ring]] = [{} for _ in range(self.SPOKES)]
        self._next = 0

    def add(self, ring: Ring) -> Callable[[], None]:
        """Rings until the result is called."""
        self._next += 1
        key = self._next
        spoke = self._spokes[key % self.SPOKES]
        spoke[key] = ring

        def remove() -> None:
            spoke.pop(key, None)

        return remove

    async def run(self) -> None:
        turn = 0
        while True:
            await asyncio.sleep(1 / self.SPOKES)
            now = self._clock.monotonic()
            for ring in list(self._spokes[turn].values()):
                ring(now)
            turn = (turn + 1) % self.SPOKES
