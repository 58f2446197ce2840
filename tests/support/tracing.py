"""A running service seen from outside: the calls that it makes to the kernel."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.running import Running

PATIENCE = 10


@contextmanager
def traced(service: Running, path: Path, calls: str) -> Iterator[Path]:
    """Follows these calls of all threads of the service for as long as the block takes."""
    command = ["strace", "-f", "-y", "-s", "9000", "-e", f"trace={calls}", "-e", "signal=none"]
    command += ["-o", str(path), "-p", str(service.pid)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
        assert strace.stderr is not None
        first = strace.stderr.readline()
        if "attached" not in first:
            pytest.skip(f"this machine lets nobody be traced: {first.strip()}")
        try:
            yield path
        finally:
            strace.send_signal(signal.SIGINT)
            strace.wait(PATIENCE)


def require_strace() -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: that the disk comes first was not looked at")
