"""A backup is the whole installation as of one moment, for its owner only; what is put back lives
another life, and nothing that is there is lost by putting it back."""

import asyncio
import json
import subprocess
import sys
import tarfile

import pytest
from sqlalchemy import inspect

from chatserver.config import Settings
from chatserver.errors import Rejected
from chatserver.features.backup import Backups
from chatserver.features.backup.restoring import begin_anew
from chatserver.features.photos import store as photos
from chatserver.identity import session_store
from chatserver.identity.model import AgentSession, Role
from chatserver.ids import RandomIds
from chatserver.storage.database import open_database
from tests.support.keeping import KEY, chat, contents, head, restoring
from tests.support.replay import check_rows_equal_replay, stored_facts
from tests.support.running import environment_of
from tests.support.world import VERA, open_spine

SESSION = AgentSession(
    id="s",
    workspace_id="acme",
    agent_id="ann",
    person_id="person-ann",
    name="Ann",
    email="ann@acme.example",
    role=Role.OWNER,
    locale="en",
    csrf="c",
)


async def test_a_restored_installation_holds_all_that_was_backed_up(
    spine, backups, settings, elsewhere, clock, tmp_path
):
    await chat(spine)
    archive = await backups.write(tmp_path)
    done = await restoring(elsewhere, clock).run(archive, replace=False)
    there, here = await contents(elsewhere), await contents(settings)
    del there["log_head"], here["log_head"]
    assert there == here
    assert here["facts"]
    data = tmp_path / "elsewhere"
    assert (data / "uploads" / "ab" / "photo").read_bytes() == b"\x89PNG" * 1000
    assert (data / "uploads" / "茶.txt").read_text() == "oolong"
    assert (data / "secret.key").read_text() == KEY
    assert (data / "secret.key").stat().st_mode & 0o777 == 0o600
    assert done.has_key
    assert done.aside is None


async def test_photos_of_agents_are_part_of_it(database, backups, elsewhere, clock, tmp_path):
    drawn = bytes(range(256)) * 40  # whatever a picture's bytes may be
    async with database.write() as connection:
        await photos.add(connection, ("acme", "ann"), "photo", drawn, clock.now())
    await restoring(elsewhere, clock).run(await backups.write(tmp_path), replace=False)
    restored = open_database(elsewhere.database)
    try:
        async with restored.read() as connection:
            assert await photos.of_agents(connection, "acme") == {"ann": "photo"}
            assert await photos.content(connection, "photo") == drawn
    finally:
        await restored.close()


async def test_a_restored_database_begins_another_life_at_the_same_place(
    spine, backups, settings, elsewhere, clock, tmp_path
):
    await chat(spine)
    await restoring(elsewhere, clock).run(await backups.write(tmp_path), replace=False)
    before, after = await head(settings), await head(elsewhere)
    assert after.position == before.position > 0
    assert after.epoch != before.epoch


async def test_the_log_goes_on_behind_what_was_restored(spine, backups, elsewhere, clock, tmp_path):
    begun = await chat(spine)
    await restoring(elsewhere, clock).run(await backups.write(tmp_path), replace=False)
    database = open_database(elsewhere.database)
    async with open_spine(database, clock) as there:
        await there.say(VERA, begun, "still there?", client_id="later")
        facts = await stored_facts(database)
        await check_rows_equal_replay(database)
    await database.close()
    assert [fact.position for fact in facts] == list(range(1, len(facts) + 1))


async def test_who_was_signed_in_then_signs_in_again(database, backups, elsewhere, clock, tmp_path):
    """Somebody may have signed out since the backup, or lost the role."""
    async with database.write() as connection:
        await session_store.add(connection, SESSION, "digest", clock.now())
    await restoring(elsewhere, clock).run(await backups.write(tmp_path), replace=False)
    assert (await contents(elsewhere))["sessions"] == []


async def test_a_backup_is_one_moment_although_others_write(
    spine, backups, elsewhere, clock, tmp_path
):
    """No row without its facts, no fact without its row, whatever is committed meanwhile."""
    begun = await chat(spine)
    stop = asyncio.Event()

    async def write():
        while not stop.is_set():
            await spine.say(VERA, begun, "and another thing")

    async with asyncio.TaskGroup() as tasks:
        writing = tasks.create_task(write())
        archive = await backups.write(tmp_path)
        stop.set()
        await writing
    await restoring(elsewhere, clock).run(archive, replace=False)
    restored = open_database(elsewhere.database)
    await check_rows_equal_replay(restored)
    facts = await stored_facts(restored)
    await restored.close()
    assert [fact.position for fact in facts] == list(range(1, len(facts) + 1))


async def test_only_its_owner_may_read_a_backup(backups, tmp_path):
    archive = await backups.write(tmp_path)
    assert archive.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.glob(".chatserver*")) == []
    with tarfile.open(archive) as tar:
        assert {member.mode for member in tar} == {0o600}


async def test_a_backup_overwrites_nothing(backups, tmp_path):
    (tmp_path / "mine.tar.gz").write_text("precious")
    with pytest.raises(Rejected, match="exists"):
        await backups.write(tmp_path / "mine.tar.gz")
    with pytest.raises(Rejected, match="no folder"):
        await backups.write(tmp_path / "nowhere" / "mine.tar.gz")
    assert (tmp_path / "mine.tar.gz").read_text() == "precious"


async def test_what_is_there_is_not_replaced_by_accident(spine, backups, settings, clock, tmp_path):
    archive = await backups.write(tmp_path)
    await chat(spine)
    before = await contents(settings)
    with pytest.raises(Rejected, match="--replace"):
        await restoring(settings, clock).run(archive, replace=False)
    assert await contents(settings) == before


async def test_a_database_in_use_is_not_replaced(database, backups, settings, clock, tmp_path):
    """A running service would go on writing into a file that nobody sees any more."""
    archive = await backups.write(tmp_path)
    async with database.read():
        with pytest.raises(Rejected, match="stop"):
            await restoring(settings, clock).run(archive, replace=True)


async def test_what_is_replaced_on_purpose_is_kept_aside(settings, clock, tmp_path):
    database = open_database(settings.database)
    archive = await Backups(database=database, clock=clock, settings=settings).write(tmp_path)
    await database.close()
    (tmp_path / "data" / "uploads" / "later").write_text("later")
    done = await restoring(settings, clock).run(archive, replace=True)
    assert done.aside is not None
    assert (done.aside / "uploads" / "later").read_text() == "later"
    assert not (tmp_path / "data" / "uploads" / "later").exists()
    if settings.database.startswith("sqlite"):
        assert (done.aside / "chat.db").exists()
    assert (await contents(settings))["workspaces"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_backup_goes_only_into_the_kind_of_database_it_came_from(backups, tmp_path, clock):
    archive = await backups.write(tmp_path)
    other = Settings(data_dir=str(tmp_path / "x"), database_url="postgresql://nobody@127.0.0.1:1/x")
    with pytest.raises(Rejected, match="copy-database"):
        await restoring(other, clock).run(archive, replace=False)


async def test_a_database_that_came_back_by_other_means_can_begin_anew(database, settings):
    before = await head(settings)
    await begin_anew(database, RandomIds())
    assert (await head(settings)).epoch != before.epoch


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_every_table_is_in_a_backup(database, backups, tmp_path):
    """Also one that a slice brings tomorrow."""
    archive = await backups.write(tmp_path)
    with tarfile.open(archive) as tar:
        manifest = json.loads(tar.extractfile("manifest.json").read())
    async with database.read() as connection:
        names = await connection.run_sync(lambda c: inspect(c).get_table_names())
    copied = {table["name"] for table in manifest["tables"]}
    assert copied == set(names) - {"alembic_version"}
    assert {t["rows"] for t in manifest["tables"] if t["name"] == "people"} == {3}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("place", ["old/", "new/below/"])
def test_a_target_with_a_slash_at_its_end_is_a_folder(database_url, tmp_path, place):
    """A file of that name would stand in the way of every backup after it."""
    (tmp_path / "old").mkdir()
    settings = environment_of(DATABASE_URL=database_url, DATA_DIR=str(tmp_path / "data"))
    command = [sys.executable, "-m", "chatserver", "backup", f"{tmp_path}/{place}"]
    answer = subprocess.run(command, env=settings, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert [path.suffix for path in (tmp_path / place).iterdir()] == [".gz"]
