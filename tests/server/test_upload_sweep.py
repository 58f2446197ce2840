"""What nobody sent and what a crash left behind is removed, and nothing else."""

import pytest

from chatserver.features.uploads import sweeper
from tests.support.upload_stage import open_stage
from tests.support.uploads import PDF, picture


@pytest.fixture
async def stage(tmp_path, empty_url):
    async with open_stage(tmp_path, database_url=empty_url) as opened:
        yield opened


async def names(stage):
    return {path.name.partition(".")[0] for path in stage.on_disk()}


async def test_what_was_never_sent_goes_after_a_day(stage):
    guest, ann = await stage.guest(), await stage.staff()
    sent, left = await guest.add(), await guest.add()
    note = await ann.add(PDF, "a.pdf")
    chat = await stage.open(guest)
    await stage.send(guest.actor, chat, sent["id"])
    await stage.send(stage.ann, chat, note["id"], private=True)
    stage.house.clock.advance(hours=23, minutes=59)
    late = await guest.add()
    assert await stage.sweeper.sweep_unsent() == 0
    stage.house.clock.advance(minutes=2)
    assert await stage.sweeper.sweep_unsent() == 1
    assert await names(stage) == {sent["id"], note["id"], late["id"]}
    assert await guest.links(left["id"]) == {}
    assert (await guest.get(sent["id"])).status_code == 200


async def test_a_sweep_goes_in_pieces_and_reaches_the_end(stage, monkeypatch):
    guest = await stage.guest()
    for number in range(7):
        await guest.add(PDF, f"{number}.pdf")
        await (await stage.guest("rival")).add(PDF, f"{number}.pdf")
    stage.house.clock.advance(hours=25)
    monkeypatch.setattr(sweeper, "PIECE", 3)
    assert await stage.sweeper.sweep_unsent() == 14
    assert stage.on_disk() == []


async def test_what_a_crash_left_between_the_disk_and_the_row_goes(stage):
    """The file is in its place, whole, and nobody knows of it."""
    guest = await stage.guest()
    file = await guest.add()
    lost = stage.folder / "uploads" / "acme" / "zz" / "lost-zz"
    lost.parent.mkdir(parents=True)
    for path in (lost, lost.with_name("lost-zz.preview")):
        path.write_bytes(picture())
        stage.age(path, hours=1.9)
    for path in stage.on_disk():
        if file["id"] in path.name:
            stage.age(path, hours=999)
    assert await stage.sweeper.sweep_disk() == 0
    for path in (lost, lost.with_name("lost-zz.preview")):
        stage.age(path, hours=2.1)
    assert await stage.sweeper.sweep_disk() == 1
    assert await names(stage) == {file["id"]}
    assert (await guest.get(file["id"])).status_code == 200


async def test_what_a_crash_left_while_it_arrived_goes(stage):
    arriving = stage.folder / "uploads" / "incoming"
    arriving.mkdir(parents=True)
    for name, hours in (("old", 2.1), ("old.drawn", 2.1), ("young", 1.9)):
        (arriving / name).write_bytes(b"half a file")
        stage.age(arriving / name, hours=hours)
    assert await stage.sweeper.sweep_disk() == 2
    assert [path.name for path in stage.on_disk()] == ["young"]


async def test_a_lost_file_of_another_name_is_nobodys(stage):
    """An id that another workspace knows does not keep it."""
    file = await (await stage.guest()).add(PDF, "a.pdf")
    copy = stage.folder / "uploads" / "rival" / file["id"][-2:] / file["id"]
    copy.parent.mkdir(parents=True)
    copy.write_bytes(PDF)
    stage.age(copy, hours=3)
    assert await stage.sweeper.sweep_disk() == 1
    assert [path.parts[-3] for path in stage.on_disk()] == ["acme"]


async def test_nothing_to_sweep_is_no_error(stage):
    assert await stage.sweeper.sweep_unsent() == await stage.sweeper.sweep_disk() == 0


async def test_a_folder_beside_another_database_is_left_alone(stage):
    """Whoever starts the service with the wrong address must not lose every file."""
    stranger = stage.folder / "uploads" / "unknown" / "zz" / "theirs-zz"
    stranger.parent.mkdir(parents=True)
    stranger.write_bytes(PDF)
    stage.age(stranger, hours=999)
    assert await stage.sweeper.sweep_disk() == 0
    assert stage.on_disk() == [stranger]
