"""How late the event loop is: whatever blocks it, blocks everybody."""

import asyncio

from chatserver.counting import Spread

# Twice a second is often enough to meet a loop that is busy, and costs nothing.
BEAT_SECONDS = 0.5


class Pulse:
    """Run `run()` for as long as the process lives."""

    def __init__(self) -> None:
        self.lag = Spread(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            asked = loop.time() + BEAT_SECONDS
            await asyncio.sleep(BEAT_SECONDS)
            self.lag.add(max(0.0, loop.time() - asked))
