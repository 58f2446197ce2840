"""The first run: who may set up, what comes of it, and that it happens once."""

import asyncio

import pytest

from chatserver.errors import Gone
from chatserver.identity.installation import Beginning
from tests.support.doors import open_house

TYPED = {
    "name": "Olga",
    "email": "olga@acme.example",
    "password": "four words in a row",
    "workspace": "Acme",
    "site": "Acme Shop",
    "origin": "https://shop.example/",
}


@pytest.fixture
async def house(tmp_path):
    async with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def browser(house):
    async with house.browser(html=True) as opened:
        yield opened


def typed(house, **changes):
    return TYPED | {"secret": house.setup.secret} | changes


async def test_an_empty_installation_leads_to_its_set_up(house, browser):
    answer = await browser.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/setup")
    assert (await browser.get("/setup")).status_code == 200
    assert (await browser.get("/agent/sign-in")).status_code == 200


async def test_the_set_up_makes_an_owner_and_shows_the_snippet(house, browser):
    answer = await browser.post("/setup", data=typed(house))
    assert (answer.status_code, answer.headers["location"]) == (303, "/setup/done?lang=en")
    page = await browser.get(answer.headers["location"])
    [site] = (await browser.get("/api/sites")).json()["items"]
    tag = f'<script async src="https://chat.example/widget.js" data-site="{site["key"]}"></script>'
    assert site["snippet"] == tag
    assert tag.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;") in page.text
    assert f"https://chat.example/preview?site={site['key']}" in page.text
    assert site["origins"] == ["https://shop.example"]
    me = (await browser.get("/api/me")).json()
    assert (me["role"], me["workspace"]["name"]) == ("owner", "Acme")
    assert await house.kinds() == ["workspace.created", "agent.signed_in"]


async def test_the_set_up_is_over_once_somebody_is_there(house, browser):
    await browser.post("/setup", data=typed(house))
    assert (await browser.get("/setup")).status_code == 410
    again = await browser.post("/setup", data=typed(house, email="eve@evil.example"))
    assert again.status_code == 410
    assert (await browser.get("/")).headers["location"] == "/agent/"
    assert len(await house.identity.people.list((await house.facts())[0].workspace_id)) == 1


@pytest.mark.parametrize("secret", ["", "guess", "ü", "x" * 10_000])
async def test_without_the_printed_secret_nothing_happens(house, browser, secret):
    answer = await browser.post("/setup", data=typed(house, secret=secret))
    assert answer.status_code == 400
    assert 'id="secret-problem"' in answer.text
    assert await house.setup.is_open()
    assert house.setup.secret not in answer.text


async def test_guessing_is_slowed_down(house, browser):
    answers = [await browser.post("/setup", data=typed(house, secret="guess")) for _ in range(11)]
    assert answers[-1].status_code == 429
    house.clock.advance(10)
    assert (await browser.post("/setup", data=typed(house))).status_code == 303


async def test_every_wrong_field_is_told_and_what_was_typed_stays(house, browser):
    answer = await browser.post(
        "/setup",
        data=typed(
            house, email="nonsense", password="short", origin="http://shop.example", site=" "
        ),
    )
    assert answer.status_code == 400
    for name in ("email", "password", "origin", "site"):
        assert f'id="{name}-problem"' in answer.text
    assert 'value="Olga"' in answer.text
    assert "short" not in answer.text.replace("too short", "")
    assert await house.setup.is_open()


async def test_of_many_at_once_one_becomes_the_owner(house):
    def wanted(number):
        fields = TYPED | {"email": f"olga{number}@acme.example"}
        origin = fields.pop("origin")
        return Beginning(**fields, origins=[origin])

    results = await asyncio.gather(
        *(house.setup.begin(house.setup.secret, wanted(n)) for n in range(5)),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["Begun", *["Gone"] * 4]
    with pytest.raises(Gone):
        await house.setup.check_open()


async def test_another_website_cannot_set_up(house):
    async with house.browser(html=True, Origin="https://evil.example") as browser:
        answer = await browser.post("/setup", data=typed(house))
    assert answer.status_code == 403
    assert await house.setup.is_open()


async def test_a_loopback_name_of_ours_is_corrected_and_no_other(tmp_path):
    async with (
        open_house(tmp_path, public_url="http://127.0.0.1:8000") as house,
        house.browser(html=True) as browser,
    ):
        for host in ("localhost:8000", "[::1]:8000"):
            answer = await browser.get("/setup?lang=en", headers={"Host": host})
            assert answer.headers["location"] == "http://127.0.0.1:8000/setup?lang=en"
        for host in ("127.0.0.1:8000", "evil.example", "localhost:9000"):
            answer = await browser.get("/setup?lang=en", headers={"Host": host})
            assert answer.status_code == 200
