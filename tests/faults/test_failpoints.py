"""kill -9 at every named place: what was acknowledged is there once and in order, the rest goes on.
And no release knows these places."""

import asyncio
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from chatserver import failpoint
from chatserver.failpoint import Failpoint
from chatserver.storage.database import open_database
from chatserver.storage.migrate import is_current
from tests.support.failing import read_trap
from tests.support.flow import QUICK, flowing
from tests.support.running import FAILING, Running, environment_of, run_service
from tests.support.sockets import open_visitor, site_key
from tests.support.uploads import Uploader, opened, picture

ROOT = Path(__file__).parents[2]
PATIENCE = 30
UPLOADS = {Failpoint.BEFORE_UPLOAD_RENAME, Failpoint.AFTER_UPLOAD_RENAME}
WRITING = sorted(set(Failpoint) - UPLOADS - {Failpoint.DURING_DRAIN, Failpoint.DURING_MIGRATION})
# Later than the first commits, which open the chats. A catch-up happens once for each writer.
OCCURRENCE = {Failpoint.INSIDE_BATCH: 9, Failpoint.MID_CATCH_UP: 4}


@pytest.mark.slow
@pytest.mark.parametrize("place", WRITING)
async def test_a_death_at_this_place_loses_nothing_and_doubles_nothing(
    place: Failpoint, tmp_path: Path
) -> None:
    with run_service(tmp_path, **QUICK) as service:
        await arm(service, f"{place}:{OCCURRENCE.get(place, 12)}")
        async with flowing(service) as flow:
            assert await asyncio.to_thread(service.died, PATIENCE), service.log
            flow.is_up.clear()
            service.failpoint = ""
            await flow.start()
    await flow.check()


@pytest.mark.slow
async def test_a_death_amid_draining_loses_nothing(tmp_path: Path) -> None:
    with run_service(tmp_path, **QUICK) as service:
        await arm(service, Failpoint.DURING_DRAIN)
        async with flowing(service) as flow:
            await flow.is_flowing.wait()
            service.send_signal(signal.SIGTERM)
            flow.is_up.clear()
            assert await asyncio.to_thread(service.died, PATIENCE), service.log
            service.failpoint = ""
            await flow.start()
    await flow.check()


@pytest.mark.slow
@pytest.mark.parametrize("occurrence", [1, 2])  # a picture is two files: itself and its preview
@pytest.mark.parametrize("place", sorted(UPLOADS))
async def test_an_upload_that_is_killed_is_taken_once_when_it_comes_again(
    place: Failpoint, occurrence: int, tmp_path: Path
) -> None:
    content = picture(size=(900, 600))
    with run_service(tmp_path) as service:
        await arm(service, f"{place}:{occurrence}")
        async with open_visitor(service, await site_key(service)) as wire:
            token = wire.welcome["token"]
            async with uploading(service, token) as uploader:
                with pytest.raises(httpx2.TransportError):
                    await uploader.post(content, upload_id="once")
        assert await asyncio.to_thread(service.died, PATIENCE), service.log
        service.failpoint = ""
        await asyncio.to_thread(service.start)
        async with uploading(service, token) as uploader:
            first = await uploader.post(content, upload_id="once")
            again = await uploader.post(content, upload_id="once")
            assert (first.status_code, again.status_code) == (201, 200), first.text
            file = first.json()["file"]
            assert again.json()["file"] == file
            for variant in ("url", "preview"):
                opened((await uploader.get(file["id"], variant)).content)


async def test_a_migration_that_is_killed_is_begun_anew(tmp_path: Path) -> None:
    killed = run_migration(tmp_path, FAILPOINT=Failpoint.DURING_MIGRATION)
    assert killed.returncode == -signal.SIGKILL
    again = run_migration(tmp_path)
    assert again.returncode == 0, again.stderr
    database = open_database(f"sqlite:///{tmp_path / 'chat.db'}")
    assert await is_current(database)
    await database.close()


def test_a_release_knows_no_failpoints(tmp_path: Path) -> None:
    """Neither the setting nor the code that acts on it: both live with the tests."""
    command = [sys.executable, "-m", "chatserver", "check"]
    environment = environment_of(DATA_DIR=str(tmp_path), FAILPOINT=Failpoint.BEFORE_BEGIN)
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT)
    assert answer.returncode == 1
    assert "no setting 'failpoint'" in answer.stderr
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    built = project["tool"]["hatch"]["build"]["targets"]
    assert built["wheel"]["packages"] == ["chatserver"]
    assert "tests" not in built["sdist"]["only-include"]
    assert not [path for path in (ROOT / "chatserver").rglob("*.py") if acts_on_it(path)]


@pytest.mark.parametrize("place", Failpoint)
def test_without_a_trap_every_place_is_passed(place: Failpoint) -> None:
    failpoint.reach(place)


def test_a_place_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match=r"no failpoint 'after-lunch'; there are before-begin, "):
        read_trap("after-lunch:2")


@asynccontextmanager
async def uploading(service: Running, token: str) -> AsyncIterator[Uploader]:
    heads = {"Origin": service.origin, "Sec-Fetch-Site": "same-origin"}
    heads |= {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(
        base_url=service.origin, headers=heads, trust_env=False
    ) as client:
        yield Uploader(client, "visitor")


async def arm(service: Running, at: str) -> None:
    """Another life of the service, which ends at this place."""
    await asyncio.to_thread(service.stop)
    service.failpoint = at
    await asyncio.to_thread(service.start)


def run_migration(folder: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", FAILING, "migrate"]
    environment = environment_of(DATA_DIR=str(folder), **more)
    return subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT)


def acts_on_it(path: Path) -> bool:
    return re.search(r"SIGKILL|os\.kill|failpoint\.reach =", path.read_text()) is not None
