"""A former release, taken out of git, to run beside this one."""

import os
import re
import shutil
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.support.machine import ROOT


def commit_of(version: str) -> str:
    """What the changelog says that this release was made of."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(rf"(?m)^## {re.escape(version)}\n\nCommit: `([0-9a-f]{{40}})`$", changelog)
    assert found, f"CHANGELOG.md names no commit of {version}"
    return found[1]


def unpack(version: str, folder: Path) -> Path:
    """Its source in this folder, with the front ends of this tree: what is asked of its pages here
    is what the server writes into them. Skips where the history is not there."""
    commit = commit_of(version)
    command = ["git", "-C", str(ROOT), "archive", commit, "chatserver", "pyproject.toml"]
    answer = subprocess.run(command, capture_output=True, check=False)
    if answer.returncode:
        pytest.skip(f"no {version} to upgrade from: {answer.stderr.decode().strip()[:200]}")
    with tarfile.open(fileobj=BytesIO(answer.stdout)) as source:
        source.extractall(folder, filter="data")
    built = ROOT / "chatserver" / "static" / "build"
    if not built.exists():
        reason = "the front ends are not built"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    shutil.copytree(built, folder / "chatserver" / "static" / "build", dirs_exist_ok=True)
    return folder
