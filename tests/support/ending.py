"""Runs a program that starts others, so that none of them outlives it."""

import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

import uvloop

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """SIGTERM ends it as Ctrl-C does, which unwinds everything; also where a shell that put it into
    the background has let it ignore that one."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda _number, _frame: signal.raise_signal(signal.SIGINT))
    return uvloop.run(work)
