"""A backup is the whole installation as of one moment, for its owner only; what is put back lives
another life, and nothing that is there is lost by putting it back."""

import asyncio
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from chatserver.config import Settings
from chatserver.errors import Rejected
from chatserver.features.backup import Backups, Schedule
from chatserver.features.backup.restoring import Restoring, begin_anew
from chatserver.identity import session_store
from chatserver.identity.model import AgentSession, Role
from chatserver.ids import RandomIds
from chatserver.storage import log
from chatserver.storage.database import open_database
from chatserver.storage.schema import metadata
from tests.support.replay import check_rows_equal_replay, stored_facts
from tests.support.running import environment_of
from tests.support.world import ANN, VERA, open_spine

KEY = "k" * 48
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


@pytest.fixture
def settings(database_url, tmp_path):
    """The installation that is backed up: a chat database, a key and two uploaded files."""
    data = tmp_path / "data"
    (data / "uploads" / "ab").mkdir(parents=True)
    (data / "uploads" / "ab" / "photo").write_bytes(b"\x89PNG" * 1000)
    (data / "uploads" / "茶.txt").write_text("oolong")
    (data / "secret.key").write_text(KEY)
    return Settings(data_dir=str(data), database_url=database_url)


@pytest.fixture
def elsewhere(empty_url, tmp_path):
    """Another machine: nothing is there yet."""
    return Settings(data_dir=str(tmp_path / "elsewhere"), database_url=empty_url)


@pytest.fixture
def backups(database, clock, settings):
    return Backups(database=database, clock=clock, settings=settings)


def restoring(settings, clock):
    return Restoring(settings=settings, clock=clock, ids=RandomIds())


async def chat(spine):
    chat = await spine.open(VERA)
    await spine.say(VERA, chat, "Is the shop open? 茶 \\ \t \n 'quoted'")
    await spine.say(ANN, chat, "a note", private=True)
    await spine.take(ANN, chat)
    return chat


async def contents(settings):
    """Every table's rows, whatever their order."""
    database = open_database(settings.database)
    try:
        async with database.read() as connection:
            found = {}
            for table in metadata.sorted_tables:
                query = select(table).execution_options(all_tenants=True)
                found[table.name] = sorted(map(str, await connection.execute(query)))
            return found
    finally:
        await database.close()


async def head(settings):
    database = open_database(settings.database)
    try:
        async with database.read() as connection:
            return await log.head(connection)
    finally:
        await database.close()


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


def spoil_middle(data):
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 255]) + data[len(data) // 2 + 1 :]


@pytest.mark.parametrize(
    "spoil",
    [spoil_middle, lambda data: data[:-200], lambda data: b"", lambda data: b"no archive at all"],
    ids=["bit", "cut", "empty", "other"],
)
async def test_a_damaged_backup_changes_nothing(backups, elsewhere, clock, tmp_path, spoil):
    archive = await backups.write(tmp_path)
    archive.write_bytes(spoil(archive.read_bytes()))
    with pytest.raises(Rejected, match="backup|damaged"):
        await restoring(elsewhere, clock).run(archive, replace=False)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def repack(archive, change):
    """The archive with its members changed by `change(name, content)`, whose checksums fit."""
    with tarfile.open(archive) as tar:
        members = [(m.name, tar.extractfile(m).read()) for m in tar]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in members:
            name, content = change(name, content)
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    archive.write_bytes(gzip.compress(out.getvalue()))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["../evil", "uploads/../../evil", "/evil", "other", "uploads/"])
async def test_an_archive_writes_nowhere_but_where_it_may(
    backups, elsewhere, clock, tmp_path, name
):
    archive = await backups.write(tmp_path)
    repack(archive, lambda n, c: (name if n.startswith("uploads/ab") else n, c))
    with pytest.raises(Rejected, match="no backup"):
        await restoring(elsewhere, clock).run(archive, replace=False)
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_changed_member_is_noticed(backups, elsewhere, clock, tmp_path):
    archive = await backups.write(tmp_path)
    repack(archive, lambda n, c: (n, c + b"!" if n == "secret.key" else c))
    with pytest.raises(Rejected, match=r"damaged: secret\.key"):
        await restoring(elsewhere, clock).run(archive, replace=False)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_backup_of_a_later_format_says_which_version_made_it(
    backups, elsewhere, clock, tmp_path
):
    archive = await backups.write(tmp_path)

    digests: dict[str, str] = {}

    def later(name, content):
        if name == "manifest.json":
            content = json.dumps(json.loads(content) | {"format": 99, "version": "9.9"}).encode()
            digests["manifest.json"] = hashlib.sha256(content).hexdigest()
        if name == "checksums.json":
            content = json.dumps(json.loads(content) | digests).encode()
        return name, content

    repack(archive, later)
    with pytest.raises(Rejected, match=r"version 9\.9"):
        await restoring(elsewhere, clock).run(archive, replace=False)


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
