"""All of a workspace and nothing of another, without what lets somebody in."""

import asyncio
import base64
import json
import tarfile

import pytest

from chatserver.config import Settings
from chatserver.errors import NotFound, Rejected
from chatserver.features.export import Exports, store
from chatserver.features.export.making import find
from chatserver.features.photos import store as photos
from chatserver.identity import session_store
from chatserver.upkeep import export_workspace
from tests.server.test_backup import SESSION
from tests.support.world import ANN, RITA, ROLF, VERA

PICTURE = bytes(range(256))


@pytest.fixture
def settings(database_url, tmp_path):
    data = tmp_path / "data"
    for workspace in ("acme", "rival"):
        (data / "uploads" / workspace / "ab").mkdir(parents=True)
        (data / "uploads" / workspace / "ab" / f"file-of-{workspace}").write_text(workspace)
    return Settings(data_dir=str(data), database_url=database_url)


@pytest.fixture
async def exported(spine, database, clock, settings, tmp_path):
    """The archive's members, after a chat in each of two workspaces."""
    chat = await spine.open(VERA)
    await spine.say(VERA, chat, "white tea, 茶?")
    await spine.say(ANN, chat, "a note", private=True)
    other = await spine.open(ROLF)
    await spine.say(ROLF, other, "rival words")
    await spine.say(RITA, other, "rival answer")
    async with database.write() as connection:
        await session_store.add(connection, SESSION, "digest-of-a-session", clock.now())
        for agent in (("acme", "ann"), ("rival", "rita")):
            photo = f"photo-of-{agent[0]}"
            await photos.add(connection, agent, photo, PICTURE, clock.now())
    async with database.read() as connection:
        acme = await find(connection, "acme")
    target = tmp_path / "acme.tar.gz"
    await Exports(database=database, clock=clock, settings=settings).write(acme, target)
    assert target.stat().st_mode & 0o777 == 0o600
    with tarfile.open(target) as archive:
        return {member.name: archive.extractfile(member).read().decode() for member in archive}


def lines(exported, name):
    return [json.loads(line) for line in exported[f"{name}.jsonl"].splitlines()]


async def test_every_word_of_the_workspace_is_there_in_order(exported):
    facts = lines(exported, "facts")
    assert [fact["position"] for fact in facts] == sorted(fact["position"] for fact in facts)
    said = [fact["body"]["text"] for fact in facts if (fact["body"] or {}).get("text")]
    assert said == ["white tea, 茶?", "a note"]
    assert {one["id"] for one in lines(exported, "visitors")} == {"vera", "vic"}
    assert {one["email"] for one in lines(exported, "people")} == {
        "ann@acme.example",
        "bob@acme.example",
    }
    assert exported["files/file-of-acme"] == "acme"
    assert json.loads(exported["manifest.json"])["rows"]["facts"] == len(facts)


async def test_photos_of_agents_are_there(exported):
    (photo,) = lines(exported, "agent_photos")
    assert (photo["agent_id"], photo["id"]) == ("ann", "photo-of-acme")
    assert base64.b64decode(photo["content"]) == PICTURE


async def test_nothing_of_another_workspace_is_there(exported):
    assert [name for name, text in exported.items() if "rival" in name + text] == []


async def test_nothing_that_lets_somebody_in_is_there(exported):
    everything = "".join(exported.values())
    for secret in ("digest", "password_hash", "csrf", "digest-of-a-session"):
        assert secret not in everything
    assert not {"sessions.jsonl", "visitor_tokens.jsonl", "agent_tickets.jsonl"} & exported.keys()


def test_no_table_of_tomorrow_is_exported_with_a_secret():
    """A column with such a name has to be named in `store.py`, or renamed."""
    suspicious = ("digest", "hash", "secret", "token", "csrf", "password")
    told = [
        f"{table.name}.{column.name}"
        for table in store.tables()
        for column in store.kept(table)
        if any(word in column.name for word in suspicious)
    ]
    assert told == []


async def test_more_rows_than_a_chunk_are_there(spine, database, clock, settings, tmp_path):
    chat = await spine.open(VERA)
    wanted = store.CHUNK + 3

    for begin in range(0, wanted, 200):
        count = min(200, wanted - begin)
        await asyncio.gather(*(spine.say(VERA, chat, f"{begin + n}") for n in range(count)))
    target = tmp_path / "x.tar.gz"
    counted = await export_workspace(settings, target, "acme")
    assert counted["facts"] == wanted + 1
    with tarfile.open(target) as archive:
        facts = [json.loads(line) for line in archive.extractfile("facts.jsonl")]
    assert [fact["seq"] for fact in facts] == list(range(1, wanted + 2))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_it_says_what_cannot_be(settings, database, tmp_path):
    with pytest.raises(NotFound):
        await export_workspace(settings, tmp_path / "x.tar.gz", "nobody")
    (tmp_path / "there.tar.gz").write_text("precious")
    with pytest.raises(Rejected, match="cannot write"):
        await export_workspace(settings, tmp_path / "there.tar.gz", None)
    assert (tmp_path / "there.tar.gz").read_text() == "precious"
