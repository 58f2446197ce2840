"""Work that outlives a request: named tasks that are never lost and never die in silence."""

import asyncio
import logging
import types
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

log = logging.getLogger(__name__)

# Pause before a crashed task starts again, in seconds; doubles up to the limit.
RESTART_SECONDS = 0.5
RESTART_LIMIT_SECONDS = 30.0


Work = Coroutine[Any, Any, Any]


def begin(work: Work) -> Awaitable[None] | None:
    """Runs a coroutine here and now up to where it first waits; returns the rest, or None when it
    has ended. What seldom waits needs no task of its own then (Python 3.12 calls this eager)."""
    try:
        waits_for = work.send(None)
    except StopIteration:
        return None
    return _go_on(work, waits_for)


@types.coroutine
def _go_on(work: Work, waits_for: Any) -> Generator[Any, None, None]:
    try:
        while True:
            try:
                yield waits_for
            except BaseException as error:  # a cancellation too belongs to whoever waits
                waits_for = work.throw(error)
            else:
                waits_for = work.send(None)
    except StopIteration:
        return


class Supervisor:
    """Keeps a reference to every task it started, logs crashes, cancels all on `close`."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self.crashes: Counter[str] = Counter()

    def start(self, name: str, work: Work) -> None:
        """Runs something once. A crash is logged and ends there."""
        task = asyncio.create_task(work, name=name)  # noqa: TID251 - the one place
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def keep(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Runs something for as long as the process lives; starts it again when it crashes."""
        self.start(name, self._again(name, run))

    async def close(self) -> None:
        """Cancels everything and waits for it to end."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _again(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        pause = RESTART_SECONDS
        while True:
            try:
                await run()
            except Exception:
                self.crashes[name] += 1
                log.exception("task crashed", extra={"task": name, "again_in": pause})
            else:
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, RESTART_LIMIT_SECONDS)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("task failed", exc_info=task.exception(), extra={"task": task.get_name()})
