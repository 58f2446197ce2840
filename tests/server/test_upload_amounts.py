"""How much is taken at the doors of uploads, and how fast."""

import asyncio
import resource

import pytest

from tests.support.upload_stage import open_stage
from tests.support.uploads import PDF, code_of

MEGABYTE = 1_000_000


@pytest.fixture
async def stage(tmp_path, empty_url):
    async with open_stage(tmp_path, database_url=empty_url, upload_bytes=MEGABYTE) as opened:
        yield opened


@pytest.fixture
async def guest(stage):
    return await stage.guest()


async def test_a_file_may_be_as_large_as_the_limit_and_no_larger(stage, guest):
    assert (await guest.post(b"a" * MEGABYTE, "a.txt")).status_code == 201
    answer = await guest.post(b"a" * (MEGABYTE + 1), "a.txt")
    assert code_of(answer) == (413, "file_too_large")
    assert len(stage.on_disk()) == 1


async def test_uploads_may_be_larger_than_other_bodies_and_others_not(stage, guest):
    assert stage.house.settings.body_bytes < MEGABYTE
    links = {"files": ["x" * stage.house.settings.body_bytes]}
    assert code_of(await guest.client.post("/uploads/visitor/links", json=links))[0] == 413


@pytest.mark.parametrize(
    ("length", "answer"),
    [
        (None, (411, "length_required")),
        ("", (400, "bad_request")),
        ("-5", (400, "bad_request")),
        ("1e3", (400, "bad_request")),
        ("٣", (400, "bad_request")),
        ("0", (400, "bad_request")),
        ("9" * 15, (413, "file_too_large")),
        ("9" * 400, (400, "bad_request")),
    ],
)
async def test_a_length_is_a_number_that_fits(stage, guest, length, answer):
    """A body without one is not read at all."""

    async def endless():
        raise AssertionError("nobody asks for the body")
        yield b""

    given = {} if length is None else {"Content_Length": length.encode()}
    assert code_of(await guest.post(endless(), "a.pdf", **given)) == answer
    assert stage.on_disk() == []


@pytest.mark.parametrize(
    ("length", "answer"), [("10", (413, "file_too_large")), ("500", (400, "bad_request"))]
)
async def test_a_body_is_as_long_as_it_says(stage, guest, length, answer):
    async def body():
        for _ in range(10):
            yield b"%PDF-" + b"a" * 15

    assert code_of(await guest.post(body(), "a.pdf", Content_Length=length)) == answer
    assert stage.on_disk() == []


async def test_a_body_that_takes_too_long_is_given_up(tmp_path, empty_url):
    async with open_stage(tmp_path, database_url=empty_url, upload_seconds=0.05) as stage:
        guest, never = await stage.guest(), asyncio.Event()

        async def slow():
            yield b"%PDF-"
            await never.wait()

        answer = await guest.post(slow(), "a.pdf", Content_Length="100")
        assert code_of(answer) == (400, "bad_request")
        assert stage.on_disk() == []


async def test_a_visitor_has_a_quota_by_day_in_files_and_in_bytes(tmp_path, empty_url):
    async with open_stage(
        tmp_path, database_url=empty_url, upload_visitor_day=3, upload_visitor_day_bytes=1000
    ) as stage:
        many, large, ann = await stage.guest(), await stage.guest(), await stage.staff()
        for _ in range(3):
            assert (await many.post(b"a", "a.txt")).status_code == 201
        refused = await many.post(b"a", "a.txt")
        assert code_of(refused) == (429, "rate_limited")
        assert int(refused.headers["retry-after"]) > 0
        assert (await large.post(b"a" * 900, "a.txt")).status_code == 201
        assert code_of(await large.post(b"a" * 101, "a.txt")) == (429, "rate_limited")
        assert (await large.post(b"a" * 100, "a.txt")).status_code == 201
        assert (await ann.post(b"a" * 2000, "a.txt")).status_code == 201
        stage.house.clock.advance(hours=24, seconds=1)
        assert (await many.post(b"a", "a.txt")).status_code == 201


async def test_a_workspace_has_a_quota_in_total_which_others_do_not_feel(tmp_path, empty_url):
    async with open_stage(tmp_path, database_url=empty_url, upload_workspace_bytes=1000) as stage:
        guest, ann, rita = await stage.guest(), await stage.staff(), await stage.staff("rita")
        assert (await guest.post(b"a" * 600, "a.txt")).status_code == 201
        for uploader in (ann, await stage.guest()):
            answer = await uploader.post(b"a" * 500, "a.txt")
            assert code_of(answer) == (507, "storage_full")
            assert answer.json()["error"]["temporary"]
        assert (await rita.post(b"a" * 500, "a.txt")).status_code == 201


async def test_uploads_have_a_pace_by_person_and_by_address(tmp_path, empty_url):
    async with open_stage(tmp_path, database_url=empty_url, upload_minute=2) as stage:
        guest = await stage.guest()
        for _ in range(2):
            await guest.add(PDF, "a.pdf")
        assert code_of(await guest.post(PDF, "a.pdf")) == (429, "rate_limited")
        for _ in range(9):  # the tenth visitor of an address finds its door closed
            crowd = await stage.guest()
            await crowd.add(PDF, "a.pdf")
            await crowd.add(PDF, "a.pdf")
        assert code_of(await (await stage.guest()).post(PDF, "a.pdf")) == (429, "rate_limited")
        await (await stage.staff()).add(PDF, "a.pdf")
        stage.house.clock.advance(60)
        await guest.add(PDF, "a.pdf")


async def test_few_uploads_at_a_time_so_that_quotas_hold(tmp_path, empty_url):
    async with open_stage(tmp_path, database_url=empty_url, upload_files=2) as stage:
        guest, arrive = await stage.guest(), asyncio.Event()
        started = asyncio.Semaphore(0)

        async def waiting():
            started.release()
            await arrive.wait()
            yield PDF

        async with asyncio.TaskGroup() as group:
            length = str(len(PDF))
            held = [
                group.create_task(guest.post(waiting(), "a.pdf", Content_Length=length))
                for _ in range(2)
            ]
            for _ in held:
                await started.acquire()
            assert code_of(await guest.post(PDF, "a.pdf")) == (429, "rate_limited")
            arrive.set()
        assert [task.result().status_code for task in held] == [201, 201]
        await guest.add(PDF, "a.pdf")


async def test_a_full_disk_is_said_and_leaves_nothing(stage, guest):
    """The system itself refuses to write on: here by a limit of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
    try:
        answer = await guest.post(b"a" * 900_000, "a.txt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert code_of(answer) == (507, "storage_full")
    assert answer.json()["error"]["temporary"]
    assert stage.on_disk() == []
    assert (await guest.post(b"a" * 900_000, "a.txt")).status_code == 201


async def test_uploads_leave_room_for_the_database(tmp_path, empty_url):
    async with open_stage(tmp_path, database_url=empty_url, upload_spare_bytes=2**60) as stage:
        answer = await (await stage.guest()).post(PDF, "a.pdf")
        assert code_of(answer) == (507, "storage_full")
        assert stage.on_disk() == []


async def test_where_no_files_are_taken_none_is(tmp_path, empty_url):
    async with open_stage(tmp_path, database_url=empty_url, upload_files=0) as stage:
        assert code_of(await (await stage.guest()).post(PDF, "a.pdf")) == (409, "rejected")
