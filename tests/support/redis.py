"""A Redis server that a test may kill, freeze and fill; none of it outlives the session."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.support import machine
from tests.support.running import reserved_port

GIVEN = "CHATSERVER_TEST_REDIS_URL"
READY_SECONDS = 20


def is_available() -> bool:
    return bool(os.environ.get(GIVEN)) or machine.redis_server() is not None


class RedisServer:
    """`redis-server` without persistence: what it knew is gone with it."""

    def __init__(self, binary: Path, folder: Path, port: int) -> None:
        self._binary = binary
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = port
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Returns when it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        options += ["--save", "", "--appendonly", "no"]
        log = (self._folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen([self._binary, *options], stdout=log, stderr=log)
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                self.command("PING")
            except RedisError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(READY_SECONDS)

    def freeze(self) -> None:
        """It keeps its connections and answers nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def command(self, *words: str | int) -> object:
        """Runs one command over a connection of its own."""
        with Redis.from_url(self.url, socket_timeout=5) as client:
            return client.execute_command(*words)


@contextmanager
def own_server() -> Iterator[RedisServer]:
    """A server of this test alone, on a port that stays its own through kill and start."""
    binary = machine.redis_server()
    assert binary is not None, "ask is_available first"
    folder = Path(tempfile.mkdtemp(prefix="chatserver-redis-"))
    with reserved_port() as port:
        server = RedisServer(binary, folder, port)
        try:
            server.start()
            yield server
        finally:
            server.kill()
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def shared_server() -> Iterator[str]:
    """The address of a server for tests that leave it as it is: the given one, else our own."""
    if given := os.environ.get(GIVEN):
        yield given
        return
    with own_server() as server:
        yield server.url
