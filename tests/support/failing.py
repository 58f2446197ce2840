"""The service, killed at a named place: `CHATSERVER_FAILPOINT=after-commit:3 python -m
tests.support.failing serve` ends by kill -9 when it is there for the third time."""

import itertools
import os
import signal
import sys
import threading

from chatserver import failpoint
from chatserver.cli import main
from chatserver.failpoint import Failpoint

SETTING = "CHATSERVER_FAILPOINT"


class Trap:
    """Closes at one place and occurrence, counted from 1 over all threads."""

    def __init__(self, at: Failpoint, occurrence: int) -> None:
        self._at = at
        self._occurrence = occurrence
        self._count = itertools.count(1)
        self._lock = threading.Lock()

    def reach(self, failpoint: Failpoint) -> None:
        if failpoint is not self._at:
            return
        with self._lock:
            reached = next(self._count)
        if reached == self._occurrence:
            os.kill(os.getpid(), signal.SIGKILL)


def read_trap(text: str) -> Trap:
    """`name` or `name:occurrence`. Raises ValueError with the names there are."""
    name, _, occurrence = text.partition(":")
    if name not in list(Failpoint):
        raise ValueError(f"{SETTING}: no failpoint {name!r}; there are {', '.join(Failpoint)}")
    return Trap(Failpoint(name), int(occurrence or 1))


def arm() -> None:
    """Takes the setting away, which the service itself does not know."""
    text = os.environ.pop(SETTING, "")
    if not text:
        return
    try:
        failpoint.reach = read_trap(text).reach
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    arm()
    main(prog_name="chatserver")
