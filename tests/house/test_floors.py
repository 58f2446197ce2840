"""The floors of the house hold, and the contract that says so would notice if they did not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lint_imports(folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and its contracts, to be spoilt."""
    only_python = shutil.ignore_patterns("static", "__pycache__")
    shutil.copytree(ROOT / "chatserver", tmp_path / "chatserver", ignore=only_python)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_module_imports_only_from_floors_below_its_own() -> None:
    answer = lint_imports(ROOT)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("conversation/store.py", "import chatserver.realtime.hub", "Floors"),
        ("conversation/transitions.py", "import sqlalchemy", "Pure modules do no I/O"),
        ("realtime/visitor_session.py", "import asyncio", "Pure modules do no I/O"),
        ("features/idle/reactor.py", "import chatserver.features.canned", "Slices never"),
        ("utils.py", "", "Floors"),
    ],
)
def test_what_breaks_a_floor_is_noticed(copy: Path, module: str, line: str, contract: str) -> None:
    file = copy / "chatserver" / module
    file.write_text((file.read_text() if file.exists() else "") + f"\n{line}\n")
    answer = lint_imports(copy)
    assert answer.returncode != 0
    broken = [row for row in answer.stdout.splitlines() if row.endswith("BROKEN")]
    assert any(contract in row for row in broken) or "utils" in answer.stdout + answer.stderr
