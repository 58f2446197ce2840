"""The service in this very process: real sockets on a real port, and a clock that a test turns."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from chatserver.app import App, open_app
from chatserver.clock import SystemClock
from chatserver.config import Settings
from chatserver.serving import bind, uvicorn_config
from tests.support.clock import FakeClock
from tests.support.running import PASSWORD


class _Server(uvicorn.Server):
    """Says when it listens, and leaves signals to the test."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class Inside:
    app: App
    clock: FakeClock
    server: _Server

    @property
    def origin(self) -> str:
        return self.app.settings.public_origin

    @property
    def shop(self) -> str:
        return self.app.shop_origin

    def turn(self, seconds: float) -> None:
        """Time passes at once; the wheel rings everybody within a real second."""
        self.clock.advance(seconds)


@asynccontextmanager
async def run_inside(folder: Path, **settings: Any) -> AsyncIterator[Inside]:
    """The demo, served."""
    sock = bind(Settings(port=0))
    wanted = {"data_dir": str(folder), "demo_password": PASSWORD, "drain_seconds": 0.0}
    house = Settings(port=sock.getsockname()[1], **wanted | settings)
    clock = FakeClock(SystemClock().now())
    app = await open_app(house, is_demo=True, clock=clock)
    server = _Server(uvicorn_config(app, house))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(server.serve(sockets=[sock]))
            await server.listens.wait()
            yield Inside(app, clock, server)
            server.should_exit = True
    finally:
        await app.close()
