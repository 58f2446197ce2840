"""Who may see an uploaded file, and what a browser may do with it."""

import re

import pytest
from sqlalchemy import delete

from chatserver.identity.visitor_store import visitor_tokens, visitors
from tests.support.upload_stage import open_stage
from tests.support.uploads import PDF, code_of, opened, picture


@pytest.fixture
async def stage(tmp_path, empty_url):
    async with open_stage(
        tmp_path, database_url=empty_url, uploads_url="https://files.example"
    ) as found:
        yield found


@pytest.fixture
async def guest(stage):
    return await stage.guest()


async def address(uploader, file, variant="url"):
    return (await uploader.links(file["id"]))[file["id"]][variant]


# Who


async def test_an_unsent_file_is_its_authors_alone(stage, guest):
    ann, sue, stranger = await stage.staff("ann"), await stage.staff("sue"), await stage.guest()
    for author, others in ((guest, (ann, sue, stranger)), (ann, (guest, sue, stranger))):
        file = await author.add()
        assert (await author.get(file["id"])).status_code == 200
        for other in others:
            assert await other.links(file["id"]) == {}


async def test_a_sent_file_is_its_chats(stage, guest):
    chat, file = await stage.open(guest), await guest.add()
    await stage.send(guest.actor, chat, file["id"])
    for reader in (guest, await stage.staff("ann"), await stage.staff("olga")):
        assert (await reader.get(file["id"])).status_code == 200
    for stranger in (await stage.guest(), await stage.guest("rival"), await stage.staff("rita")):
        assert await stranger.links(file["id"]) == {}


async def test_a_notes_file_is_never_a_visitors(stage, guest):
    chat, ann = await stage.open(guest), await stage.staff("ann")
    file = await ann.add()
    await stage.send(stage.ann, chat, file["id"], private=True)
    assert await guest.links(file["id"]) == {}
    assert (await (await stage.staff("sue")).get(file["id"])).status_code == 200


@pytest.mark.parametrize("made_up", ["a" * 26, "x", "../../secret", "%2e%2e", "\0", "", "ü" * 70])
async def test_a_guessed_id_is_left_out(stage, guest, made_up):
    file = await guest.add()
    assert list(await guest.links(made_up, file["id"])) == [file["id"]]
    assert await (await stage.staff()).links(made_up) == {}


async def test_links_are_asked_for_in_small_numbers(guest):
    answer = await guest.client.post("/uploads/visitor/links", json={"files": ["a"] * 51})
    assert code_of(answer) == (400, "invalid")


# A link is asked again each time it is followed


async def test_a_link_ends(stage, guest):
    file = await guest.add()
    links = (await guest.links(file["id"]))[file["id"]]
    url = links["url"]
    assert url.startswith("https://files.example/uploads/files/")
    stage.house.clock.advance(600)
    assert (await guest.client.get(url)).status_code == 200
    stage.house.clock.advance(301)
    assert links["expires_at"] <= stage.house.clock.now().isoformat()
    assert code_of(await guest.client.get(url)) == (404, "not_found")
    assert (await guest.get(file["id"])).status_code == 200


async def test_for_a_while_a_file_has_one_address(stage, guest):
    """So that a browser shows a picture twice and loads it once."""
    file = await guest.add()
    stage.house.clock.advance(seconds=1)
    first = await address(guest, file)
    stage.house.clock.advance(60)
    assert await address(guest, file) == first
    stage.house.clock.advance(300)
    assert await address(guest, file) != first


async def test_a_link_that_was_changed_is_none(stage, guest):
    file, other = await guest.add(), await guest.add(PDF, "a.pdf")
    url = await address(guest, file)
    start, _, key = url.rpartition("/")
    parts = key.split(".")
    forged = [
        key[:-1],
        key + "A",
        key.replace(file["id"], other["id"]),
        ".".join([*parts[:-2], str(int(parts[-2]) + 9999), parts[-1]]),
        ".".join(parts[:-1]),
        parts[-1],
        "a" * 401,
        "..",
        "%2e%2e%2f%2e%2e%2fsecret.key",
        "..%5c..%5csecret.key",
        "%00",
    ]
    for made_up in forged:
        answer = await guest.client.get(f"{start}/{made_up}")
        assert answer.status_code == 404, made_up


async def test_another_keys_signature_is_none(tmp_path, empty_url):
    (tmp_path / "other").mkdir()
    async with (
        open_stage(tmp_path, database_url=empty_url, secret_key="a" * 40) as stage,
        open_stage(tmp_path / "other", secret_key="b" * 40) as other,
    ):
        guest = await stage.guest()
        url = await address(guest, await guest.add())
        assert (await guest.client.get(url)).status_code == 200
        assert (await (await other.guest()).client.get(url)).status_code == 404


async def test_a_visitor_who_may_not_go_on_has_no_files(stage, guest):
    chat, file = await stage.open(guest), await guest.add()
    await stage.send(guest.actor, chat, file["id"])
    await stage.close(chat)
    stage.house.clock.advance(hours=23, minutes=55)
    url = await address(guest, file)
    assert (await guest.client.get(url)).status_code == 200
    stage.house.clock.advance(minutes=6)
    assert (await guest.client.get(url)).status_code == 404
    assert await guest.links(file["id"]) == {}
    assert (await (await stage.staff()).get(file["id"])).status_code == 200


async def test_a_site_switched_off_ends_its_visitors_links(stage, guest):
    file = await guest.add()
    url = await address(guest, file)
    await stage.switch_site(enabled=False)
    assert (await guest.client.get(url)).status_code == 404
    await stage.switch_site(enabled=True)
    assert (await guest.client.get(url)).status_code == 200


async def test_a_link_of_somebody_unknown_ends(stage, guest):
    """As after an erasure: a signature says nothing about today."""
    file = await guest.add()
    url = await address(guest, file)
    async with stage.house.database.write() as connection:
        for table, column in ((visitor_tokens, "visitor_id"), (visitors, "id")):
            is_hers = table.c[column] == guest.arrival.visitor.id
            await connection.execute(delete(table).where(table.c.workspace_id == "acme", is_hers))
    assert (await guest.client.get(url)).status_code == 404


async def test_signing_out_ends_an_agents_links(stage):
    ann = await stage.staff("ann")
    url = await address(ann, await ann.add())
    sessions = stage.house.identity.sessions
    session = await sessions.find(ann.client.cookies["__Host-session"])
    await sessions.end(session)
    assert (await ann.client.get(url)).status_code == 404


async def test_a_disabled_agents_links_end(stage):
    ann = await stage.staff("ann")
    url = await address(ann, await ann.add())
    _, boss = await stage.house.session("olga")
    agent = stage.house.agents["ann"]
    await stage.house.identity.people.change(boss, agent.id, role=None, disabled=True)
    assert (await ann.client.get(url)).status_code == 404


async def test_a_link_needs_no_cookie_and_gives_none(stage):
    """It lives on an origin without any."""
    ann = await stage.staff("ann")
    url = await address(ann, await ann.add())
    async with stage.house.browser() as stranger:
        answer = await stranger.get(url)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers


async def test_a_person_who_follows_a_dead_link_sees_a_page(stage):
    async with stage.house.browser(html=True) as person:
        answer = await person.get("/uploads/files/dead")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


# What a browser may do with it

ALWAYS = {
    "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "cache-control": "private, max-age=300",
    "accept-ranges": "none",
}


@pytest.mark.parametrize(
    ("name", "content", "way", "media_type"),
    [
        ("a.png", picture(), "inline", "image/png"),
        ("a.pdf", PDF, "attachment", "application/pdf"),
        ("a.txt", b"<script>alert(1)</script>", "attachment", "text/plain"),
        ("a.csv", b"=1+1", "attachment", "text/csv"),
    ],
)
async def test_only_pictures_that_we_drew_are_shown(stage, guest, name, content, way, media_type):
    file = await guest.add(content, name)
    answer = await guest.get(file["id"])
    assert {key: answer.headers[key] for key in ALWAYS} == ALWAYS
    assert answer.headers["content-disposition"] == f'{way}; filename="{name}"'
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert int(answer.headers["content-length"]) == len(answer.content) == file["bytes"]


async def test_a_picture_has_a_preview_and_a_document_none(stage, guest):
    photo, bill = await guest.add(picture(size=(2000, 1000))), await guest.add(PDF, "a.pdf")
    links = await guest.links(photo["id"], bill["id"])
    assert sorted(links[photo["id"]]) == ["expires_at", "preview", "url"]
    assert sorted(links[bill["id"]]) == ["expires_at", "url"]
    preview = await guest.client.get(links[photo["id"]]["preview"])
    assert preview.headers["content-type"] == "image/webp"
    assert {key: preview.headers[key] for key in ALWAYS} == ALWAYS
    assert opened(preview.content).size == (640, 320)


@pytest.mark.parametrize(
    "ranges",
    ["bytes=0-0", "bytes=" + ",".join(f"{n}-{n}" for n in range(100_000)), "bytes=-", "lines=1"],
    ids=["one", "100,000", "none", "another unit"],
)
async def test_ranges_are_not_looked_at(guest, ranges):
    file = await guest.add(PDF, "a.pdf")
    url = await address(guest, file)
    answer = await guest.client.get(url, headers={"Range": ranges, "If-Range": "x"})
    assert (answer.status_code, answer.content) == (200, PDF)
    assert "content-range" not in answer.headers


async def test_head_tells_the_same_without_the_file(guest):
    url = await address(guest, await guest.add(PDF, "a.pdf"))
    whole, head = await guest.client.get(url), await guest.client.head(url)
    assert head.content == b""
    same = ("content-length", "content-type", "content-disposition", "content-security-policy")
    assert [head.headers[key] for key in same] == [whole.headers[key] for key in same]


async def test_a_file_that_is_lost_is_not_found(stage, guest):
    url = await address(guest, await guest.add(PDF, "a.pdf"))
    (path,) = stage.on_disk()
    path.unlink()
    assert code_of(await guest.client.get(url)) == (404, "not_found")


def images_of(answer):
    """Where the page's pictures may come from."""
    (found,) = re.findall(r"img-src ([^;]*)", answer.headers["content-security-policy"])
    return found.split()


async def test_the_pages_that_show_messages_may_show_their_pictures(stage):
    async with stage.house.browser("ann", html=True) as console:
        own = ["'self'", "data:", "blob:"]
        assert {*own, "https://files.example"} <= {*images_of(await console.get("/agent/"))}
        key = stage.house.sites["acme"].key
        frame = await console.get("/frame", params={"site": key})
        assert {*own, "https://files.example"} <= {*images_of(frame)}


async def test_the_origin_of_files_is_none_of_ours(stage, guest):
    """A page there, were there ever one, changes nothing."""
    answer = await guest.post(PDF, "a.pdf", Origin="https://files.example")
    assert code_of(answer) == (403, "bad_origin")
    ann = await stage.staff()
    answer = await ann.post(PDF, "a.pdf", Origin="https://files.example")
    assert code_of(answer) == (403, "bad_origin")


async def test_pictures_on_an_open_screen_keep_nobody_signed_in(stage):
    """Their links are asked for again and again, by nobody."""
    ann = await stage.staff("ann")
    file = await ann.add()
    for _ in range(3):
        stage.house.clock.advance(hours=5)
        answer = await ann.client.post("/uploads/agent/links", json={"files": [file["id"]]})
    assert code_of(answer) == (401, "unauthenticated")
