"""Remembers that the database is in trouble, so that nobody waits in vain and everybody is told."""

from collections.abc import Callable

import structlog

from chatserver.clock import Clock
from chatserver.storage.condition import Condition, NotStored, Trouble

logger = structlog.get_logger(__name__)

# A condition that comes and goes is a line in the log once in so many seconds, not every time.
QUIET_SECONDS = 60.0

Listener = Callable[[Condition], None]


class Guard:
    """Of one database, in one process. While there is trouble every write fails at once, and only
    the probe of `watch.py` finds out whether it is over: where one writer serves all, hundreds who
    wait two seconds each for a lock would still be waiting an hour after it was gone."""

    def __init__(self, clock: Clock) -> None:
        self.condition = Condition()
        self.is_watched = False
        self.clock = clock
        self._listeners: dict[int, Listener] = {}
        self._next = 0
        self._since = 0.0
        self._logged: dict[Trouble, float] = {}

    def check(self) -> None:
        """Raises NotStored while a write would be in vain. Without a watch nobody would ever lift
        that, so then everybody tries."""
        if self.condition.trouble is not None and self.is_watched:
            raise NotStored(self.condition.trouble)

    def failed(self, trouble: Trouble) -> None:
        before, now = self.condition.trouble, self.clock.monotonic()
        if before is trouble or (before is not None and trouble is Trouble.FAILING):
            return  # "it fails" adds nothing to what we know already
        if before is None:
            self._since = now
        if now - self._logged.get(trouble, float("-inf")) >= QUIET_SECONDS:
            self._logged[trouble] = now
            logger.error("nothing can be stored", trouble=trouble.value)
        self._become(Condition(trouble, self.condition.free_mb))

    def worked(self) -> None:
        """The probe wrote something."""
        before = self.condition.trouble
        if before is None:
            return
        if self._logged[before] >= self._since:  # else its beginning was not worth a line either
            lasted = round(self.clock.monotonic() - self._since, 1)
            logger.warning("storing works again", trouble=before.value, seconds=lasted)
        self._become(Condition(None, self.condition.free_mb))

    def measured(self, free_mb: int | None) -> None:
        """`free_mb` where it is little, else None."""
        was_low = self.condition.free_mb is not None
        if free_mb is not None and not was_low:
            logger.warning("little disk space left", free_mb=free_mb)
        if free_mb is None and was_low:
            logger.info("enough disk space again")
        if free_mb != self.condition.free_mb:
            self._become(Condition(self.condition.trouble, free_mb))

    def watch(self, listener: Listener) -> Callable[[], None]:
        """Tells every change of the condition until the result is called."""
        self._next += 1
        key = self._next
        self._listeners[key] = listener

        def leave() -> None:
            self._listeners.pop(key, None)

        return leave

    def _become(self, condition: Condition) -> None:
        self.condition = condition
        for listener in list(self._listeners.values()):
            listener(condition)
