"""A PostgreSQL server for one test session, and one database per test made from a template."""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.engine import URL, make_url

from tests.support import machine

GIVEN = "CHATSERVER_TEST_POSTGRES_URL"
# Nothing of a test has to survive a power cut.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def is_available() -> bool:
    return bool(os.environ.get(GIVEN)) or machine.postgres_folder() is not None


@contextmanager
def postgres_server() -> Iterator[URL]:
    """The address of a server whose user may create databases: the given one, else our own."""
    if given := os.environ.get(GIVEN):
        yield make_url(given)
        return
    folder = machine.postgres_folder()
    assert folder is not None, "ask is_available first"
    home = Path(tempfile.mkdtemp(prefix="chatserver-postgres-"))
    account = _account(home)
    data, port = home / "data", _free_port()
    options = [part for option in QUICK for part in ("-c", option)]
    start = [folder / "postgres", "-D", data, "-p", str(port), "-k", home, *options]
    try:
        initdb = [folder / "initdb", "-D", data, "-U", "chat", "--auth=trust", "--no-sync"]
        run = {"cwd": home, "env": {**os.environ, "HOME": str(home)}, **account}
        locale = ["--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run([*initdb, *locale], check=True, stdout=subprocess.DEVNULL, **run)
        with (home / "log").open("wb") as log:
            server = subprocess.Popen([*start, "-h", "127.0.0.1"], stdout=log, stderr=log, **run)
        url = URL.create("postgresql", "chat", host="127.0.0.1", port=port, database="postgres")
        try:
            run_apart(_wait_until_ready(url, server))
            yield url
        finally:
            server.terminate()
            server.wait(30)
    finally:
        shutil.rmtree(home, ignore_errors=True)


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
    deadline = time.monotonic() + 30
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
