"""The service with a wall clock that a test turns: `CHATSERVER_TEST_CLOCK=file python -m
tests.support.turned serve` is ahead of the machine by as many seconds as the file says."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from chatserver import parts
from chatserver.cli import main
from chatserver.clock import SystemClock

SETTING = "CHATSERVER_TEST_CLOCK"


class TurnedClock(SystemClock):
    """Reads the file each time, so that a test turns the hands of a running process."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=float(self._file.read_text(encoding="utf-8")))


def turn(file: Path, hours: float) -> None:
    """By so much it is ahead from now on; a reader sees the old or the new number, never half."""
    new = file.with_suffix(".new")
    new.write_text(str(hours * 3600), encoding="utf-8")
    new.replace(file)


if __name__ == "__main__":
    file = Path(os.environ[SETTING])
    parts.SystemClock = lambda: TurnedClock(file)  # type: ignore[assignment,misc]
    main(prog_name="chatserver")
