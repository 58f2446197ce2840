"""The service in this very process: real sockets on a real port, and a clock that a test turns."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
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
        sock.close()  # where the scene failed, the server did not come to it
        await app.close()


@asynccontextmanager
async def doomed(house: Inside) -> AsyncIterator[Inside]:
    """Another house with the same data, for scenes that nobody could live in afterwards."""
    with TemporaryDirectory() as folder:
        copy = shutil.copytree(house.app.settings.data_dir, f"{folder}/data")
        async with run_inside(Path(copy)) as inside:
            yield inside


async def until(is_so: Callable[[], bool]) -> None:
    """Looks again and again: a socket that fills up or a request that is held tells nobody here."""
    while not is_so():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
