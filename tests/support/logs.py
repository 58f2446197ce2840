"""The service's own logging for one test; afterwards the tests have theirs again."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from chatserver import telemetry

Line = dict[str, Any]


@contextmanager
def logging_as_json(level: str = "info") -> Iterator[Callable[[], list[Line]]]:
    """Yields what tells the lines so far."""
    root, ours, stream = logging.getLogger(), logging.getLogger("chatserver"), io.StringIO()
    before = root.handlers[:], root.level, ours.level
    style = structlog.get_config()
    telemetry.configure(level, "json", stream)
    try:
        # Not splitlines: it ends lines at characters that JSON may hold.
        yield lambda: [json.loads(line) for line in stream.getvalue().split("\n")[:-1]]
    finally:
        structlog.configure(**style)
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        ours.setLevel(before[2])
