"""A machine is lost. Another one gets the backup, and clients carry on there by themselves."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.support.browser import open_browsers, open_person, require_browser_and_built_files
from tests.support.browser_agent import Console
from tests.support.browser_visitor import Widget
from tests.support.running import Running, environment_of, run_service
from tests.support.sockets import open_chat, open_visitor, site_key

pytestmark = pytest.mark.slow

# A busy machine needs some time besides the 5 s between two tries.
BACK_MS = 20_000
NOBODY_THERE = ("ERR_CONNECTION", "WebSocket connection", "ERR_SOCKET", "ERR_EMPTY_RESPONSE")
# The agent's session is not in a restored database.
SIGNED_OUT = ("401", "status of 401")


def command(folder: Path, *words: str) -> str:
    """What `chatserver WORDS` prints for the installation in this folder."""
    answer = subprocess.run(
        [sys.executable, "-m", "chatserver", *words],
        env=environment_of(DATA_DIR=str(folder)),
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def move_to_another_machine(service: Running, archive: Path, there: Path) -> None:
    """The old machine is gone with all that was written since; the name leads to the new one."""
    service.kill()
    assert "is in place" in command(there, "restore", str(archive))
    service.folder = there
    service.start()


async def test_a_client_is_told_to_start_afresh(tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    with run_service(tmp_path / "here") as service:
        site = await site_key(service)
        async with open_visitor(service, site) as wire:
            chat = await open_chat(wire)
            send = {"t": "send", "conversation": chat}
            await wire.ask({**send, "client_id": "one", "text": "before the backup"})
            command(service.folder, "backup", str(archive))
            reply = await wire.ask({**send, "client_id": "two", "text": "after the backup"})
            known = {
                "conversation": chat,
                "epoch": wire.welcome["epoch"],
                "seq": reply["ok"]["seq"],
            }
            token = wire.welcome["token"]
        move_to_another_machine(service, archive, tmp_path / "there")
        async with open_visitor(service, site, token=token, resume=known) as wire:
            reset = await wire.until("reset")
            assert reset["epoch"] == wire.welcome["epoch"] != known["epoch"]
            await wire.until("facts")
            texts = [fact.get("text") for fact in wire.facts if fact.get("text")]
            assert texts == ["before the backup"]


@pytest.mark.browser
async def test_browsers_carry_on_with_the_restored_chat(tmp_path: Path) -> None:
    """Nobody touches the visitor's page: it drops what is no more, and its owner writes on."""
    require_browser_and_built_files()
    archive = tmp_path / "backup.tar.gz"
    with run_service(tmp_path / "here") as service:
        async with (
            open_browsers() as browsers,
            open_person(browsers.blocking, forgives=NOBODY_THERE) as visitor,
            open_person(browsers.blocking, forgives=NOBODY_THERE + SIGNED_OUT) as agent,
        ):
            widget = Widget(await visitor.page())
            await widget.page.goto(service.shop)
            await widget.open()
            await widget.say("Do you have white tea?")
            await expect(widget.status()).to_have_text(widget.t("sent"))
            command(service.folder, "backup", str(archive))
            move_to_another_machine(service, archive, tmp_path / "there")
            await expect(widget.notice).to_have_count(0, timeout=BACK_MS)
            await widget.say("I mean silver needle.")
            await expect(widget.status()).to_have_text(widget.t("sent"), timeout=BACK_MS)
            console = Console(await agent.page(), service.origin)
            await console.sign_in("ann@teahouse.example")
            await console.open("I mean silver needle.")
            await expect(console.log).to_contain_text("Do you have white tea?")
            await console.take()
            await console.answer("We do.")
            await expect(widget.message("We do.")).to_be_visible()
            await expect(widget.texts()).to_have_count(3)


def test_the_running_service_makes_backups_when_due_and_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    with run_service(tmp_path / "here", backup_dir=str(folder), backup_hours="1") as service:
        service.wait_for("backup made")
        (first,) = folder.iterdir()
        first.rename(folder / "chatserver-20260101T000000Z.tar.gz")
        os.kill(service.pid, signal.SIGUSR1)
        service.wait_for("backup made", times=2)
    second = max(folder.iterdir())
    assert second.stat().st_mode & 0o777 == 0o600
    command(tmp_path / "there", "restore", str(second))
    assert (tmp_path / "there" / "secret.key").exists()
