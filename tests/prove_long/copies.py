"""A copy of the database file and its log in the middle of writing, as a power cut leaves them on
the disk: it opens, it is whole, and it holds what was acknowledged before."""

import asyncio
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.prove_long.node import Node

if TYPE_CHECKING:
    from tests.prove_long.town import Town

FILES = ("chat.db", "chat.db-wal")


async def check_copy(town: "Town", node: Node) -> bool:
    """Freezes the writer for the moment of copying, so that both files are of one instant."""
    with tempfile.TemporaryDirectory(prefix="chatserver-copy-") as folder:
        node.freeze()
        try:
            acked = list(town.witness.acked_at)
            for name in FILES:
                shutil.copyfile(town.folder / name, Path(folder) / name)
        finally:
            node.thaw()
        town.copies.append(await asyncio.to_thread(look_into, Path(folder) / FILES[0], acked))
    return True


def look_into(copy: Path, acked: list[str]) -> list[str]:
    """What is wrong with it."""
    connection = sqlite3.connect(copy)
    try:
        whole = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        query = "SELECT client_id FROM facts WHERE client_id IS NOT NULL"
        stored = {row[0] for row in connection.execute(query)}
    finally:
        connection.close()
    torn = [] if whole == ["ok"] else [f"the copy is torn: {whole[:3]}"]
    return torn + [f"{one} is not in the copy" for one in acked if one not in stored]
