"""A WebKit by W3C WebDriver, the nearest thing to Safari that Linux has: only what a short story
needs. WebKitGTK draws on a screen; Xvfb is one that nobody looks at."""

import asyncio
import contextlib
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

START_SECONDS = 60
PATIENCE_SECONDS = 20
BEAT_SECONDS = 0.05
BROWSERS = ("/usr/lib/*/webkit2gtk-4*/MiniBrowser", "/usr/libexec/webkit2gtk-4*/MiniBrowser")
# Root in a container has no sandbox; nobody's own folders are written to.
UNBOXED = {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1", "NO_AT_BRIDGE": "1"}


def webkit() -> tuple[str, str, str] | None:
    """The driver, the browser and the screen's program; None where one of them is missing."""
    browser = next((str(path) for name in BROWSERS for path in Path("/").glob(name[1:])), None)
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    return (driver, browser, screen) if driver and browser and screen else None


class WebDriver:
    """One session. Commands are answered in their order."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client
        self._session = ""

    async def ask(self, method: str, path: str, **body: Any) -> Any:
        told = body if method == "POST" else None
        answer = await self._client.request(method, f"{self._session}{path}", json=told)
        value = answer.json()["value"]
        assert answer.is_success, value
        return value

    async def begin(self, browser: str) -> None:
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        told = await self.ask("POST", "/session", capabilities=wanted)
        self._session = f"/session/{told['sessionId']}"
        await self.ask("POST", "/timeouts", script=PATIENCE_SECONDS * 1000)

    async def open(self, address: str) -> None:
        await self.ask("POST", "/url", url=address)

    async def evaluate(self, expression: str) -> Any:
        return await self.ask("POST", "/execute/sync", script=f"return {expression}", args=[])

    async def until(self, fact: str) -> None:
        """Waits in the browser, turn by turn, until the expression is true."""
        script = (
            "const [done] = arguments;"
            f"const look = () => ({fact}) ? done(true) : setTimeout(look, 20); look();"
        )
        await self.ask("POST", "/execute/async", script=script, args=[])

    async def click(self, x: float, y: float) -> None:
        steps = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        await self._act({"type": "pointer", "id": "mouse", "actions": steps})

    async def type(self, text: str) -> None:
        steps = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        await self._act({"type": "key", "id": "keys", "actions": steps})

    async def _act(self, source: dict[str, Any]) -> None:
        await self.ask("POST", "/actions", actions=[source])


@asynccontextmanager
async def open_webkit(programs: tuple[str, str, str], folder: Path) -> AsyncIterator[WebDriver]:
    """`folder` becomes the browser's home: it keeps nothing elsewhere."""
    driver, browser, screen = programs
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = {name: str(folder) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
    async with _screen(screen) as display:
        environment = {**os.environ, **UNBOXED, **own, "DISPLAY": display}
        command = (driver, "--host=127.0.0.1", f"--port={port}")
        async with _program(*command, env=environment):
            origin = f"http://127.0.0.1:{port}"
            async with httpx2.AsyncClient(base_url=origin, trust_env=False, timeout=60) as client:
                await _answers(client)
                session = WebDriver(client)
                await session.begin(browser)
                try:
                    yield session
                finally:
                    await session.ask("DELETE", "")


@asynccontextmanager
async def _screen(program: str) -> AsyncIterator[str]:
    """A number that is free, as the X server itself finds it."""
    reading, writing = os.pipe()
    size = ("-screen", "0", "1280x800x24", "-nolisten", "tcp")
    async with _program(program, "-displayfd", str(writing), *size, pass_fds=(writing,)):
        os.close(writing)
        with os.fdopen(reading) as told:
            yield f":{(await asyncio.to_thread(told.readline)).strip()}"


@asynccontextmanager
async def _program(*command: str, **options: Any) -> AsyncIterator[None]:
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet, **options)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _answers(client: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            with contextlib.suppress(httpx2.TransportError):
                await client.get("/status")
                return
            await asyncio.sleep(BEAT_SECONDS)
