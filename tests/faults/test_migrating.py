"""Several nodes start at once on one database: one migrates, the others wait, all of them serve."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from chatserver.storage.database import open_database
from chatserver.storage.migrate import is_current
from tests.support.running import FAILING, environment_of

NODES = 3
# Starting Python three times at once takes a busy machine long.
PATIENCE_SECONDS = 100


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def start(
    url: str, folder: Path, module: str = "chatserver", **more: str
) -> "subprocess.Popen[str]":
    """`chatserver migrate`, as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", module, "migrate"],
        env=environment_of(DATABASE_URL=url, DATA_DIR=str(folder), **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


async def lives(url: str) -> int:
    """How many rows say which life the database lives: one, or two migrations ran."""
    database = open_database(url)
    try:
        assert await is_current(database)
        async with database.read() as connection:
            number: int = (
                await connection.execute(text("SELECT count(*) FROM log_head"))
            ).scalar_one()
            return number
    finally:
        await database.close()


async def test_nodes_that_migrate_at_once_all_succeed(empty_url: str, tmp_path: Path) -> None:
    nodes = [start(empty_url, tmp_path) for _ in range(NODES)]
    said = [node.communicate(timeout=PATIENCE_SECONDS)[0] for node in nodes]
    assert [node.returncode for node in nodes] == [0] * NODES, "\n".join(said)
    assert await lives(empty_url) == 1


async def test_a_node_that_dies_while_it_migrates_leaves_it_to_the_next(
    empty_url: str, tmp_path: Path
) -> None:
    dying = start(empty_url, tmp_path, FAILING, FAILPOINT="during-migration")
    assert dying.wait(PATIENCE_SECONDS) == -signal.SIGKILL
    dying.communicate()
    next_one = start(empty_url, tmp_path)
    said, _ = next_one.communicate(timeout=PATIENCE_SECONDS)
    assert next_one.returncode == 0, said
    assert await lives(empty_url) == 1
