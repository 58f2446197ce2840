"""Work that runs beside: kept, and heard of when it fails."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Tasks:
    """`failures` are bugs of the proof itself: with one of them no figure means anything."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self.failures: list[str] = []

    def start(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def watch_loop(self) -> None:
        """Errors in callbacks count too."""

        def failed(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
            self.failures.append(f"{context['message']}: {context.get('exception')!r}")

        asyncio.get_running_loop().set_exception_handler(failed)

    async def close(self) -> None:
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failures.append(repr(error))
