"""Backups by the clock: the newest are kept, and a failure is said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chatserver.features.backup import Schedule


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_newest_backups_are_kept(database, backups, settings, clock, tmp_path):
    folder = tmp_path / "backups"
    settings = replace(settings, backup_dir=str(folder), backup_keep=2)
    schedule = Schedule(backups=backups, clock=clock, settings=settings)
    (folder).mkdir()
    (folder / "notes.txt").write_text("not ours")
    for _ in range(4):
        await schedule.make_one()
        clock.advance(hours=24)
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 3
    assert names[-1] == "notes.txt"
    assert schedule.last_at == clock.now() - timedelta(hours=24)
    assert not schedule.failed


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_backup_that_fails_is_said_until_one_succeeds(backups, settings, clock, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    schedule = Schedule(
        backups=backups, clock=clock, settings=replace(settings, backup_dir=str(blocked))
    )
    await schedule.make_one()
    assert schedule.failed
    blocked.unlink()
    await schedule.make_one()
    assert not schedule.failed
