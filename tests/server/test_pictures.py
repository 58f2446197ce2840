"""Pictures of a site's widget: from an admin to everybody, as pixels alone, and not for ever."""

import io

import pytest
from PIL import Image

from tests.support.doors import open_acme

PLACE = "Exif: taken at home"


@pytest.fixture
async def house(tmp_path):
    async with open_acme(tmp_path, site_pictures=3, upload_spare_bytes=0) as opened:
        yield opened


def photograph(width=1600, height=1200):
    """A JPEG that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = PLACE
    held = io.BytesIO()
    Image.new("RGB", (width, height), (200, 120, 40)).save(held, "JPEG", exif=exif)
    return held.getvalue()


async def bring(house, content, name="adam", site="acme"):
    async with house.browser(name) as browser:
        return await browser.post(
            f"/api/sites/{house.sites[site].id}/pictures",
            content=content,
            headers={"Content-Type": "application/octet-stream"},
        )


async def test_a_picture_is_drawn_small_and_shown_to_everybody(house):
    content = photograph()
    assert PLACE.encode() in content
    answer = await bring(house, content)
    assert answer.status_code == 201
    async with house.browser() as browser:
        shown = await browser.get(f"/widget/pictures/{answer.json()['id']}")
    assert shown.headers["content-type"] == "image/webp"
    assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert shown.headers["cross-origin-resource-policy"] == "cross-origin"
    assert PLACE.encode() not in shown.content
    assert Image.open(io.BytesIO(shown.content)).size == (640, 480)


async def test_visitors_are_told_its_address(house):
    site = house.sites["acme"]
    picture = (await bring(house, photograph(200, 200))).json()["id"]
    looks = {"header_image": picture, "team": [{"name": "Ann", "photo": picture}]}
    async with house.browser("adam") as browser:
        body = {"version": 0, "looks": looks}
        assert (await browser.patch(f"/api/sites/{site.id}/widget", json=body)).status_code == 200
        told = (await browser.post(f"/api/sites/{site.id}/preview", json={})).json()
    address = f"/widget/pictures/{picture}"
    assert told["boot"]["looks"]["header_image"] == address
    assert told["boot"]["looks"]["team"] == [{"name": "Ann", "photo": address}]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "file_type"),
        (b"<script>alert(1)</script>", 415, "file_type"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, 415, "file_type"),
        (b"", 400, "bad_request"),
    ],
)
async def test_what_is_no_picture_is_refused(house, content, status, code):
    answer = await bring(house, content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_one_that_is_too_large_is_refused_before_it_is_read(tmp_path):
    async with open_acme(tmp_path, site_picture_bytes=1000, upload_spare_bytes=0) as house:
        answer = await bring(house, photograph())
        assert answer.status_code == 413


async def test_only_an_admin_of_the_sites_workspace_may(house):
    assert (await bring(house, photograph(9, 9), name="ann")).status_code == 403
    assert (await bring(house, photograph(9, 9), name="rita")).status_code == 404


async def test_a_form_of_another_website_could_not_send_one(house):
    async with house.browser("adam") as browser:
        answer = await browser.post(
            f"/api/sites/{house.sites['acme'].id}/pictures",
            content=photograph(9, 9),
            headers={"Content-Type": "image/jpeg"},
        )
    assert answer.status_code == 400


async def test_a_site_has_so_many_and_forgets_what_it_does_not_name(house):
    site = house.sites["acme"]
    named = (await bring(house, photograph(9, 9))).json()["id"]
    async with house.browser("adam") as browser:
        body = {"version": 0, "looks": {"header_image": named}}
        await browser.patch(f"/api/sites/{site.id}/widget", json=body)
    loose = (await bring(house, photograph(9, 9))).json()["id"]
    assert (await bring(house, photograph(9, 9))).status_code == 201
    assert (await bring(house, photograph(9, 9))).json()["error"]["code"] == "rejected"
    house.clock.advance(2 * 86400 + 1)
    assert (await bring(house, photograph(9, 9))).status_code == 201
    async with house.browser() as browser:
        assert (await browser.get(f"/widget/pictures/{named}")).status_code == 200
        assert (await browser.get(f"/widget/pictures/{loose}")).status_code == 404
