"""The guide's own words: every command in it exists, and those that change files were tried."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest

from chatserver.cli import main
from tests.support.machine import ROOT

pytestmark = pytest.mark.deploy

PAGES = [ROOT / "README.md", ROOT / "deploy" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
OLD = "o" * 43
# Here it is a folder, a unit, or a service of Compose.
OTHERS = re.compile(r"git clone|systemctl|journalctl")


def blocks(page: Path) -> list[str]:
    """What stands between ```sh and ```."""
    return re.findall(r"(?ms)^```sh\n(.*?)^```", page.read_text(encoding="utf-8"))


def commands(page: Path) -> list[list[str]]:
    """The words behind each `chatserver` that is run in a page's blocks, without comments."""
    lines = "\n".join(blocks(page)).replace("\\\n", " ").splitlines()
    # Two columns: systemd beside Compose.
    parts = [part for line in lines for part in re.split(r"  +(?=\S+/bin/)", line)]
    found = [re.search(r"(?:^|\s|/bin/)chatserver ([a-z-]+( .*)?)$", part) for part in parts]
    calls = [one[1] for one in found if one and not OTHERS.search(one.string)]
    return [shlex.split(call.split(" && ")[0], comments=True) for call in calls]


@pytest.mark.parametrize("manual", PAGES, ids=lambda one: one.name)
def test_every_command_exists_with_its_options(manual: Path) -> None:
    for words in commands(manual):
        command: click.Command = main
        rest = list(words)
        while isinstance(command, click.Group):
            name = rest.pop(0)
            assert name in command.commands, f"{manual.name}: chatserver {' '.join(words)}"
            command = command.commands[name]
        known = {option for one in command.params for option in one.opts}
        named = {word.split("=")[0] for word in rest if word.startswith("--")}
        assert named <= known | {"--help"}, f"{manual.name}: chatserver {' '.join(words)}"


def test_the_guide_names_commands() -> None:
    """Else the test above would look at nothing."""
    found = {words[0] for page in PAGES for words in commands(page)}
    assert {"serve", "doctor", "backup", "restore", "agent", "workspace", "copy-database"} <= found


def test_the_key_is_exchanged_by_the_commands_of_the_guide(tmp_path: Path) -> None:
    """The service's account must still be able to read it, whoever typed."""
    block = next(one for one in blocks(ROOT / "docs" / "operating.md") if "secret.key" in one)
    _, first, second = block.strip().splitlines()
    key = tmp_path / "secret.key"
    key.write_text(OLD)
    key.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(key, 12345, 12345)
    before = key.stat()
    subprocess.run(["sh", "-ec", first], cwd=tmp_path, check=True)
    new, old = key.read_text().split(",")
    assert old == OLD
    assert len(new) >= 32
    subprocess.run(["sh", "-ec", second], cwd=tmp_path, check=True)
    assert key.read_text() == new
    after = key.stat()
    assert (after.st_uid, after.st_mode) == (before.st_uid, before.st_mode)
