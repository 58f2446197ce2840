"""A PostgreSQL server for one test session, and one database per test made from a template."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.engine import URL, make_url

from tests.support import machine
from tests.support.running import reserved_port

GIVEN = "CHATSERVER_TEST_POSTGRES_URL"
READY_SECONDS = 30
# Nothing of a test has to survive a power cut.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def is_available() -> bool:
    return bool(os.environ.get(GIVEN)) or machine.postgres_folder() is not None


class PostgresServer:
    """A cluster in a folder of its own, on a port that stays its own from life to life."""

    def __init__(self, programs: Path, home: Path, port: int, options: Sequence[str]) -> None:
        self._programs, self.home = programs, home
        self._options = [part for option in options for part in ("-c", option)]
        self._run: dict[str, Any] = {"cwd": home, "env": {**os.environ, "HOME": str(home)}}
        self._run |= _account(home)
        self._process: subprocess.Popen[bytes] | None = None
        self.data, self.port = home / "data", port
        self.url = URL.create(
            "postgresql", "chat", host="127.0.0.1", port=self.port, database="postgres"
        )

    @property
    def pid(self) -> int:
        """Of the process whose children the sessions are."""
        assert self._process is not None
        return self._process.pid

    def initialize(self) -> None:
        initdb = [self._programs / "initdb", "-D", self.data, "-U", "chat", "--auth=trust"]
        plain = ["--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run([*initdb, *plain], check=True, stdout=subprocess.DEVNULL, **self._run)

    def start(self) -> None:
        """Returns when it answers. What a killed one has left behind may take some tries."""
        deadline = time.monotonic() + READY_SECONDS
        while True:
            process = self._launch()
            try:
                run_apart(_wait_until_ready(self.url, process))
            except (OSError, asyncpg.PostgresError):
                if process.poll() is None or time.monotonic() > deadline:
                    self.stop(signal.SIGQUIT)
                    raise
            else:
                return

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends sessions and closes cleanly, SIGQUIT is nearly a crash, SIGKILL is one."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(READY_SECONDS)

    def promote(self) -> None:
        """As a standby that takes over: the same data, another life. Nothing is lost on the way,
        because it is its own standby."""
        self.stop(signal.SIGQUIT)
        self.become_standby()
        self.lead()

    def become_standby(self) -> None:
        """It reads on, and follows a server that never answers."""
        if self._process is not None and self._process.poll() is None:
            self.stop()
        (self.data / "standby.signal").touch()
        self.start()

    def lead(self) -> None:
        run_apart(_command(self.url, "SELECT pg_promote()"))

    def freeze(self) -> None:
        """All of it: sessions are kept, and nothing answers."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        for pid in self._pids():
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        for pid in self._pids():
            os.kill(pid, signal.SIGCONT)

    def _pids(self) -> list[int]:
        """The first one begins the others, so while it is stopped there come no more."""
        if self._process is None or self._process.poll() is not None:
            return []
        first = self._process.pid
        return [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]

    def _launch(self) -> "subprocess.Popen[bytes]":
        place = ["-D", self.data, "-p", str(self.port), "-k", self.home, "-h", "127.0.0.1"]
        command = [self._programs / "postgres", *place, *self._options]
        with (self.home / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, **self._run)
        return self._process


@contextmanager
def own_server(*options: str) -> Iterator[PostgresServer]:
    """A server of this test alone. `options` are settings, as `name=value`."""
    programs = machine.postgres_folder()
    assert programs is not None, "ask is_available first"
    home = Path(tempfile.mkdtemp(prefix="chatserver-postgres-"))
    with reserved_port() as port:
        server = PostgresServer(programs, home, port, options)
        try:
            server.initialize()
            server.start()
            yield server
        finally:
            server.thaw()
            server.stop(signal.SIGQUIT)
            shutil.rmtree(home, ignore_errors=True)


@contextmanager
def postgres_server() -> Iterator[URL]:
    """The address of a server whose user may create databases: the given one, else our own."""
    if given := os.environ.get(GIVEN):
        yield make_url(given)
        return
    with own_server(*QUICK) as server:
        yield server.url


def run_apart(work: Coroutine[Any, Any, None]) -> None:
    """Runs a coroutine in a loop of its own, beside the one of the tests."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


async def create_database(server: URL, name: str, template: str = "template1") -> URL:
    """A new database, a copy of the template."""
    await _command(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    return server.set(database=name)


async def drop_database(server: URL, name: str) -> None:
    await _command(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _command(server: URL, statement: str) -> None:
    connection = await asyncpg.connect(server.render_as_string(hide_password=False))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _wait_until_ready(url: URL, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            await _command(url, "SELECT 1")
        except (OSError, asyncpg.PostgresError):
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)
        else:
            return


def _account(home: Path) -> dict[str, Any]:
    """The server refuses to run as root: then it runs as `postgres`, else as `nobody`."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    os.chown(home, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
