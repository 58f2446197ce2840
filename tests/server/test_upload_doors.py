"""What is taken at the doors of uploads, from whom, and what is refused there."""

import asyncio
from urllib.parse import quote

import pytest

from chatserver.identity import visitor_store
from tests.support.upload_stage import open_stage
from tests.support.uploads import PDF, code_of, picture


@pytest.fixture
async def stage(tmp_path, empty_url):
    async with open_stage(tmp_path, database_url=empty_url, upload_bytes=1_000_000) as opened:
        yield opened


@pytest.fixture
async def guest(stage):
    return await stage.guest()


# Taken


async def test_an_upload_is_told_as_its_message_will_tell_it(guest):
    answer = await guest.post(PDF, "Bill.PDF")
    assert answer.status_code == 201
    file = answer.json()["file"]
    told = {"id": file["id"], "name": "Bill.PDF", "type": "application/pdf", "bytes": len(PDF)}
    assert file == told


@pytest.mark.parametrize("who", ["guest", "staff"])
async def test_the_same_upload_again_is_the_same_file(stage, who):
    uploader = await getattr(stage, who)()
    first = await uploader.post(PDF, "a.pdf", upload_id="again")
    before = stage.on_disk()
    again = await uploader.post(picture(), "b.png", upload_id="again")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert stage.on_disk() == before


async def test_the_same_name_of_another_author_is_another_file(stage, guest):
    other, ann = await stage.guest(), await stage.staff()
    files = [
        (await uploader.post(PDF, "a.pdf", upload_id="same")).json()["file"]["id"]
        for uploader in (guest, other, ann)
    ]
    assert len(set(files)) == 3


async def test_two_tabs_with_the_same_upload_leave_one_file(stage, guest):
    answers = await asyncio.gather(*(guest.post(PDF, "a.pdf", upload_id="same") for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    assert len({answer.json()["file"]["id"] for answer in answers}) == 1
    assert len(stage.on_disk()) == 1


async def test_files_lie_under_random_names_that_only_we_can_read(stage, guest):
    file = await guest.add(PDF, "../../etc/passwd.pdf")
    (path,) = stage.on_disk()
    workspace = stage.folder / "uploads" / "acme"
    assert path == workspace / file["id"][-2:] / file["id"]
    assert file["name"] == "passwd.pdf"


async def test_a_visitor_may_upload_before_the_first_word(stage, guest):
    file = await guest.add()
    chat = await stage.open(guest)
    await stage.send(guest.actor, chat, file["id"])


async def test_what_is_closed_takes_files_as_it_takes_words(stage, guest):
    """Writing reopens it; the server's rules for messages decide, not those for uploads."""
    chat = await stage.open(guest)
    await stage.close(chat)
    await stage.send(guest.actor, chat, (await guest.add())["id"])


# Who


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer made-up", "Bearer " + "x" * 5000, "Basic YTpi"]
)
async def test_a_visitor_needs_a_token(stage, guest, header):
    answer = await guest.post(PDF, "a.pdf", Authorization=header)
    assert code_of(answer) == (401, "unauthenticated")
    assert stage.on_disk() == []


async def test_a_token_that_ended_is_none(stage, guest):
    stage.house.clock.advance(hours=24 * 31)
    assert code_of(await guest.post(PDF, "a.pdf")) == (401, "unauthenticated")


async def test_a_token_that_was_revoked_is_none(stage, guest):
    async with stage.house.database.write() as connection:
        token = await stage.house.identity.visitors._tokens.find(
            connection, guest.arrival.token or ""
        )
        await visitor_store.change_token(connection, token, {"retires_at": stage.house.clock.now()})
    assert code_of(await guest.post(PDF, "a.pdf")) == (401, "unauthenticated")


async def test_a_site_that_is_switched_off_takes_nothing(stage, guest):
    file = await guest.add()
    await stage.switch_site(enabled=False)
    assert code_of(await guest.post(PDF, "a.pdf")) == (404, "not_found")
    asked = await guest.client.post("/uploads/visitor/links", json={"files": [file["id"]]})
    assert code_of(asked) == (404, "not_found")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://shop.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
    ],
)
async def test_only_our_own_frame_uploads(stage, guest, headers):
    assert code_of(await guest.post(PDF, "a.pdf", **headers)) == (403, "bad_origin")
    assert stage.on_disk() == []


async def test_the_console_is_no_widget(tmp_path, empty_url):
    """Each on an origin of its own: the console's page may not act for a visitor."""
    async with open_stage(
        tmp_path, database_url=empty_url, widget_url="https://widget.example"
    ) as stage:
        guest = await stage.guest()
        assert code_of(await guest.post(PDF, "a.pdf")) == (403, "bad_origin")
        taken = await guest.post(PDF, "a.pdf", Origin="https://widget.example")
        assert taken.status_code == 201


async def test_an_agent_needs_the_csrf_token(stage):
    ann = await stage.staff()
    assert code_of(await ann.post(PDF, "a.pdf", X_CSRF_Token="no")) == (403, "forbidden")
    assert stage.on_disk() == []


# What


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cup.exe", b"MZ\x90\0" + b"\0" * 100),
        ("cup.png", b"MZ\x90\0" + b"\0" * 100),
        ("cup.pdf", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("cup.pdf", picture()),
        ("cup.html", b"<!DOCTYPE html>"),
        ("cup.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("bill.pdf.exe", PDF),
        ("cup.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("cup", picture()),
        (".png", b"no picture"),
        ("notes.txt", b"words\0and more"),
        ("notes.txt", b"MZ\x90\0\x03\0"),
        ("notes.docx", PDF),
        ("cup.png", picture()[:40]),
        ("cup.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 3000),
    ],
)
async def test_content_that_is_not_what_it_says_is_refused(stage, guest, name, content):
    assert code_of(await guest.post(content, name)) == (415, "file_type")
    assert stage.on_disk() == []


@pytest.mark.parametrize("media_type", ["image/png", "multipart/form-data", "text/html", ""])
async def test_what_a_client_thinks_of_a_type_is_not_asked(guest, media_type):
    answer = await guest.post(picture(), "cup.png", Content_Type=media_type)
    assert code_of(answer) == (400, "bad_request")


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"X_Upload_Id": " "}, "x-upload-id"),
        ({"X_Upload_Id": "x" * 65}, "x-upload-id"),
        ({"X_Upload_Id": "../x"}, "x-upload-id"),
        ({"X_File_Name": "%FF%FE.png"}, "x-file-name"),
        ({"X_File_Name": "%ED%A0%80.png"}, "x-file-name"),
        ({"X_File_Name": "é.png".encode("latin-1")}, "x-file-name"),
        ({"X_File_Name": "a" * 5000}, "x-file-name"),
    ],
)
async def test_a_header_that_says_nothing_is_named(guest, headers, field):
    answer = await guest.post(picture(), "cup.png", **headers)
    assert code_of(answer) == (400, "invalid")
    assert list(answer.json()["error"]["fields"]) == [field]


async def test_a_long_name_is_cut_and_its_header_is_plain(guest):
    file = await guest.add(PDF, "茶" * 300 + '";\r\nX-Evil: 1.pdf')
    assert len(file["name"]) <= 120
    assert file["name"].endswith(".pdf")
    header = (await guest.get(file["id"])).headers["content-disposition"]
    assert header.startswith('attachment; filename="')
    assert f"filename*=UTF-8''{quote(file['name'], safe='')}" in header
    assert header.isascii()
    assert header.isprintable()
