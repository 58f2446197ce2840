"""Photos of agents: their own, as pixels alone, for whoever talks with them, and gone with them."""

import io
import struct
import zlib

import pytest
from PIL import Image

from chatserver.features.photos.reactor import REACTORS
from tests.support.doors import open_acme

PLACE = "Exif: taken at home"
ME = "/api/me/photo"


@pytest.fixture
async def house(tmp_path):
    async with open_acme(tmp_path, upload_spare_bytes=0) as opened:
        yield opened


def photograph(width=1600, height=1200, color=(200, 120, 40)):
    """A JPEG that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = PLACE
    held = io.BytesIO()
    Image.new("RGB", (width, height), color).save(held, "JPEG", exif=exif)
    return held.getvalue()


def boundless():
    """A PNG of some bytes that says it is 50,000 pixels wide and high."""
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


async def bring(house, content, name="ann", media_type="application/octet-stream"):
    async with house.browser(name) as browser:
        return await browser.post(ME, content=content, headers={"Content-Type": media_type})


async def known(house, *names, site="acme"):
    """What a visitor of the site is told of these agents."""
    agents = ",".join(house.agents[name].id for name in names)
    async with house.browser() as browser:
        query = {"site": house.sites[site].key, "agents": agents}
        answer = await browser.get("/widget/photos", params=query)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()["photos"]


async def look(house, address):
    async with house.browser() as browser:
        return await browser.get(address)


async def react(house):
    """As the runner does, from the beginning of the log."""
    for fact in await house.facts():
        if fact.kind in REACTORS:
            async with house.database.write() as connection:
                await REACTORS[fact.kind](connection, fact)


async def address_of(house, name="ann"):
    return (await bring(house, photograph(), name)).json()["photos"][house.agents[name].id]


async def test_a_photo_is_drawn_small_and_shown_to_who_knows_its_agent(house):
    assert await known(house, "ann", "adam") == {}
    address = await address_of(house)
    assert await known(house, "ann", "adam") == {house.agents["ann"].id: address}
    shown = await look(house, address)
    assert shown.headers["content-type"] == "image/webp"
    assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert PLACE.encode() not in shown.content
    assert Image.open(io.BytesIO(shown.content)).size == (640, 480)


async def test_colleagues_see_all_of_their_workspace_and_nobody_elses(house):
    address = await address_of(house)
    for name, expected in (("sue", {house.agents["ann"].id: address}), ("rex", {})):
        async with house.browser(name) as browser:
            assert (await browser.get("/api/photos")).json()["photos"] == expected


async def test_a_site_may_have_another_photo_of_somebody_in_its_team(house):
    """By the agent's id: who only has the name of somebody there is somebody else."""
    own = await address_of(house)
    ann, picture = house.agents["ann"].id, "a" * 26
    mates = [{"name": "Ann"}, {"name": "Ann", "photo": picture}]
    for part, expected in (
        ({}, own),
        ({"agent": house.agents["sue"].id}, own),
        ({"agent": ann, "photo": ""}, own),
        ({"agent": ann}, f"/widget/pictures/{picture}"),
    ):
        looks = {"team": [mates[0], mates[1] | part]}
        path = f"/api/sites/{house.sites['acme'].id}/widget"
        async with house.browser("adam") as browser:
            version = (await browser.get(path)).json()["version"]
            body = {"version": version, "looks": looks}
            assert (await browser.patch(path, json=body)).status_code == 200
        assert await known(house, "ann") == {ann: expected}
    async with house.browser("ann") as browser:
        assert (await browser.get("/api/photos")).json()["photos"] == {ann: own}


async def test_another_workspaces_visitors_are_told_nothing(house):
    await address_of(house)
    assert await known(house, "ann", site="rival") == {}
    async with house.browser() as browser:
        query = {"site": "nowhere", "agents": house.agents["ann"].id}
        assert (await browser.get("/widget/photos", params=query)).status_code == 404


async def test_a_new_photo_has_a_new_address_and_the_old_one_is_gone(house):
    old, new = await address_of(house), await address_of(house)
    assert old != new
    assert await known(house, "ann") == {house.agents["ann"].id: new}
    assert (await look(house, old)).status_code == 404


async def test_one_takes_ones_own_away(house):
    address = await address_of(house)
    async with house.browser("ann") as browser:
        assert (await browser.delete(ME)).status_code == 204
        assert (await browser.delete(ME)).status_code == 204
    assert await known(house, "ann") == {}
    assert (await look(house, address)).status_code == 404


@pytest.mark.parametrize(
    ("by", "of", "status"),
    [
        ("olga", "ann", 204),
        ("adam", "ann", 204),
        ("adam", "olga", 403),
        ("sue", "ann", 403),
        ("ann", "sue", 403),
        ("rex", "ann", 404),
    ],
)
async def test_who_manages_people_may_take_away_what_does_not_stand_above(house, by, of, status):
    address = await address_of(house, of)
    async with house.browser(by) as browser:
        answer = await browser.delete(f"/api/agents/{house.agents[of].id}/photo")
    assert answer.status_code == status
    assert (await look(house, address)).status_code == (404 if status == 204 else 200)


async def test_who_may_not_work_here_any_more_loses_it(house):
    address, other = await address_of(house), await address_of(house, "sue")
    async with house.browser("olga") as browser:
        path = f"/api/agents/{house.agents['ann'].id}"
        assert (await browser.patch(path, json={"disabled": True})).status_code == 200
    for _ in range(2):
        await react(house)
    assert (await look(house, address)).status_code == 404
    assert (await look(house, other)).status_code == 200


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "file_type"),
        (b"<script>alert(1)</script>", 415, "file_type"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, 415, "file_type"),
        (boundless(), 413, "file_too_large"),
        (b"", 400, "bad_request"),
    ],
)
async def test_what_is_no_photo_is_refused_and_the_old_one_stays(house, content, status, code):
    address = await address_of(house)
    answer = await bring(house, content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert await known(house, "ann") == {house.agents["ann"].id: address}


async def test_what_hides_behind_a_picture_does_not_come_along(house):
    """A JPEG that is a page and an archive to whoever reads on."""
    hidden = b"<html><script>alert(1)</script></html>PK\x05\x06" + bytes(18)
    answer = await bring(house, photograph(40, 40) + hidden)
    shown = await look(house, answer.json()["photos"][house.agents["ann"].id])
    assert shown.content[:4] + shown.content[8:12] == b"RIFFWEBP"
    assert b"script" not in shown.content
    assert b"PK" not in shown.content


async def test_one_that_is_too_large_is_refused_before_it_is_read(tmp_path):
    async with open_acme(tmp_path, agent_photo_bytes=1000, upload_spare_bytes=0) as house:
        assert (await bring(house, photograph())).status_code == 413


async def test_one_agent_brings_so_many_in_a_minute_and_no_other_feels_it(tmp_path):
    """Whatever the pictures are for; what is refused for another reason is not counted."""
    async with open_acme(tmp_path, picture_minute=2, upload_spare_bytes=0) as house:
        site = f"/api/sites/{house.sites['acme'].id}/pictures"
        plain = {"Content-Type": "application/octet-stream"}
        for _ in range(3):
            assert (await bring(house, b"", "adam")).status_code == 400
        assert (await bring(house, photograph(9, 9), "adam")).status_code == 201
        async with house.browser("adam") as adam:
            post = adam.post
            assert (await post(site, content=photograph(9, 9), headers=plain)).status_code == 201
            for path in (site, ME):
                refused = await post(path, content=photograph(9, 9), headers=plain)
                assert (refused.status_code, refused.json()["error"]["code"]) == (
                    429,
                    "rate_limited",
                )
                assert int(refused.headers["retry-after"]) > 0
        assert (await bring(house, photograph(9, 9), "ann")).status_code == 201
        house.clock.advance(60)
        assert (await bring(house, photograph(9, 9), "adam")).status_code == 201


async def test_a_limit_of_zero_is_none(tmp_path):
    async with open_acme(tmp_path, picture_minute=0, upload_spare_bytes=0) as house:
        for _ in range(3):
            assert (await bring(house, photograph(9, 9))).status_code == 201


async def test_who_comes_back_has_none(house):
    """An account is never deleted, only disabled: the photo does not wait in the dark."""
    await address_of(house)
    path = f"/api/agents/{house.agents['ann'].id}"
    async with house.browser("olga") as browser:
        await browser.patch(path, json={"disabled": True})
        await react(house)
        assert (await browser.patch(path, json={"disabled": False})).status_code == 200
        await react(house)
    assert await known(house, "ann") == {}


async def test_a_form_of_another_website_could_not_send_one(house):
    assert (await bring(house, photograph(9, 9), media_type="image/jpeg")).status_code == 400


@pytest.mark.parametrize("agents", ["", ",,", "../../etc/passwd", "%00", "'; --", "a" * 5000])
async def test_ids_that_cannot_be_any_are_nobodys(house, agents):
    async with house.browser() as browser:
        query = {"site": house.sites["acme"].key, "agents": agents}
        answer = await browser.get("/widget/photos", params=query)
    assert answer.json() == {"photos": {}}
