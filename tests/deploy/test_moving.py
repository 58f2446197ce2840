"""From SQLite to PostgreSQL as the guide says it, with people in the middle of a chat: the same
conversation, the same session, nothing twice."""

import asyncio
import re
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.machine import ROOT
from tests.support.returning import ANN, answer, arriving
from tests.support.running import environment_of, run_service
from tests.support.sockets import open_staff

pytestmark = [
    pytest.mark.slow,
    pytest.mark.deploy,
    pytest.mark.parametrize("engine", ["postgresql"], indirect=True),
]


def guide(database_url: str, file: Path) -> str:
    """The guide's own line, with this test's addresses; what it says of systemd is done by hand."""
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    block = re.search(r"(?s)## From SQLite to PostgreSQL\n\n```sh\n(.*?)```", page)
    assert block, "the guide does not say how to move"
    stop, line = block[1].strip().splitlines()
    assert stop == "systemctl stop chatserver"
    line, found = re.subn(r"postgresql://\S+", database_url, line)
    assert found == 1
    line = line.replace(
        " chatserver copy-database", f" {sys.executable} -m chatserver copy-database"
    )
    return line.replace("/var/lib/chatserver/chat.db", str(file))


def run(line: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = environment_of(DATA_DIR=str(folder))
    return subprocess.run(
        ["sh", "-c", line], env=environment, capture_output=True, text=True, check=False
    )


async def test_people_go_on_where_they_were(tmp_path: Path, empty_url: str) -> None:
    async with AsyncExitStack() as exits:
        former = exits.enter_context(run_service(tmp_path))
        line = guide(empty_url, tmp_path / "chat.db")
        staff = await exits.enter_async_context(open_staff(former, ANN))
        async with arriving(former) as vera:
            await vera.say("on a file", "one")
            await answer(former, staff, vera.chat, "answered on a file")
            await vera.until("answered on a file")
            early = await asyncio.to_thread(run, line, tmp_path)
            assert early.returncode != 0, "it was copied under a service that writes"
            await asyncio.to_thread(former.stop)
        moved = await asyncio.to_thread(run, line, tmp_path)
        assert moved.returncode == 0, moved.stdout + moved.stderr
        latter = exits.enter_context(run_service(tmp_path, command="serve", database_url=empty_url))
        async with vera.back(latter):
            assert (await vera.say("on a file", "one"))["duplicate"]
            await vera.say("on a server", "two")
            await answer(latter, staff, vera.chat, "answered on a server")
            await vera.until("answered on a server")
    told = ["on a file", "answered on a file", "on a server", "answered on a server"]
    assert vera.texts == told
