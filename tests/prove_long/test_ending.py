"""Whoever ends the proof, by Ctrl-C or as a machine does, finds no process of the service left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 90


def services_below(pid: int) -> list[int]:
    """Processes of the service that this one, or a thread of it, has started."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for one in lists for child in one.read_text().split()]
    return [child for child in children if b"chatserver" in command_of(child)]


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_a_proof_that_is_ended(tmp_path: Path, number: signal.Signals) -> None:
    few = ["--visitors", "2", "--agents", "1", "--minutes", "2", "--file", str(tmp_path / "sum")]
    log = (tmp_path / "log").open("wb")
    command = [sys.executable, "-m", "tests.prove_long", *few]
    with log, subprocess.Popen(command, stdout=log, stderr=log) as proof:
        until(lambda: services_below(proof.pid))
        services = services_below(proof.pid)
        proof.send_signal(number)
        assert proof.wait(PATIENCE_SECONDS) != 0
    assert [pid for pid in services if os.path.exists(f"/proc/{pid}")] == []
