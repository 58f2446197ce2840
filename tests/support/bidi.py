"""Another browser than Chromium, by WebDriver BiDi: only what a short story needs."""

import asyncio
import contextlib
import json
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import websockets

START_SECONDS = 60
PATIENCE_SECONDS = 20
FIREFOX_NAMES = ("firefox", "firefox-esr")


def firefox() -> str | None:
    return next((path for name in FIREFOX_NAMES if (path := shutil.which(name))), None)


class Bidi:
    """One session. Commands are answered in their order; events are not asked for."""

    def __init__(self, wire: websockets.ClientConnection) -> None:
        self._wire = wire
        self._last = 0

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._last += 1
        await self._wire.send(json.dumps({"id": self._last, "method": method, "params": params}))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (answer := json.loads(await self._wire.recv())).get("id") != self._last:
                pass
        assert answer["type"] == "success", answer
        result: dict[str, Any] = answer["result"]
        return result

    async def open(self, address: str) -> str:
        """Answers the page's context."""
        tree = await self.ask("browsingContext.getTree")
        context: str = tree["contexts"][0]["context"]
        await self.ask("browsingContext.navigate", context=context, url=address, wait="complete")
        return context

    async def frame(self, context: str) -> str:
        """The first frame inside of a context, once there is one."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                tree = await self.ask("browsingContext.getTree", root=context)
                if children := tree["contexts"][0]["children"]:
                    found: str = children[0]["context"]
                    return found

    async def evaluate(self, context: str, expression: str) -> Any:
        """Waits for a promise. Texts, numbers and booleans come back."""
        answer = await self.ask(
            "script.evaluate",
            expression=expression,
            target={"context": context},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    async def until(self, context: str, fact: str) -> None:
        """Waits in the browser, turn by turn, until the expression is true."""
        await self.evaluate(
            context,
            f"new Promise((done) => {{ const look = () => ({fact}) ? done(true)"
            " : setTimeout(look, 20); look(); })",
        )

    async def click(self, context: str, x: float, y: float) -> None:
        steps = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        await self.ask(
            "input.performActions",
            context=context,
            actions=[{"type": "pointer", "id": "mouse", "actions": steps}],
        )

    async def type(self, context: str, text: str) -> None:
        steps = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        await self.ask(
            "input.performActions",
            context=context,
            actions=[{"type": "key", "id": "keys", "actions": steps}],
        )


@asynccontextmanager
async def open_firefox(program: str) -> AsyncIterator[Bidi]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [program, "--headless", "--no-remote", "--profile", profile]
        process = await asyncio.create_subprocess_exec(
            *command,
            "--remote-debugging-port",
            str(port),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                await _says(process, "WebDriver BiDi listening")
            async with websockets.connect(f"ws://127.0.0.1:{port}/session", max_size=None) as wire:
                bidi = Bidi(wire)
                await bidi.ask("session.new", capabilities={})
                yield bidi
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _says(process: asyncio.subprocess.Process, text: str) -> None:
    """Firefox tells on stderr when it is ready."""
    assert process.stderr is not None
    while line := await process.stderr.readline():
        if text in line.decode(errors="replace"):
            return
    raise AssertionError("Firefox ended before it listened")
