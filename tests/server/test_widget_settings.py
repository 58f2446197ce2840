"""The widget's settings through their doors, and what visitors' browsers get of them."""

import asyncio

import msgspec
import pytest
from sqlalchemy import text

from chatserver.broker.memory import MemoryBroker
from chatserver.errors import Conflict
from chatserver.identity import site_store
from chatserver.identity.model import AgentSession, Role
from chatserver.identity.sites import Sites
from tests.support.clock import FakeClock
from tests.support.doors import open_acme
from tests.support.sockets import boot_of
from tests.support.world import CountingIds


@pytest.fixture
async def house(tmp_path):
    async with open_acme(tmp_path) as opened:
        yield opened


async def test_a_section_is_changed_by_an_admin_and_told_to_visitors(house):
    site = house.sites["acme"]
    async with house.browser("adam") as browser:
        before = (await browser.get(f"/api/sites/{site.id}/widget")).json()
        assert before["version"] == 0
        body = {
            "version": 0,
            "looks": {"corners": "round", "welcome": "Hi there", "team": [{"name": "Ann"}]},
            "launcher": {"offset_bottom": 64, "pages": [{"page": "/cart*"}]},
        }
        answer = await browser.patch(f"/api/sites/{site.id}/widget", json=body)
        assert answer.status_code == 200
        assert answer.json()["version"] == 1
        assert answer.json()["looks"]["team"] == [{"name": "Ann", "photo": "", "agent": ""}]
        assert (await browser.get(f"/api/sites/{site.id}/widget")).json() == answer.json()
    async with house.browser() as browser:
        config = (await browser.get(f"/widget/config?site={site.key}")).json()
    assert config["corners"] == "round"
    told = {"offset_bottom": 64, "pages": [{"page": "/cart*", "show": False}]}
    assert config["launcher"] == told
    fact = (await house.facts())[-1]
    assert fact.kind == "site.changed"
    assert msgspec.json.decode(fact.meta)["widget"] == "launcher looks"


async def test_a_sites_own_words_reach_launcher_and_panel_in_their_language_only(house):
    site = house.sites["acme"]
    own = {"de": {"compose.hint": "Frag uns was …", "launcher/open": "Frag uns"}}
    async with house.browser("adam") as browser:
        body = {"version": 0, "texts": {"own": own}}
        assert (await browser.patch(f"/api/sites/{site.id}/widget", json=body)).status_code == 200
        wrong = {"version": 1, "texts": {"own": {"de": {"today": "{x}"}}}}
        refused = await browser.patch(f"/api/sites/{site.id}/widget", json=wrong)
    assert refused.json()["error"]["fields"] == {"texts.own.de.today": "unknown_place"}
    async with house.browser() as browser:
        config = (await browser.get(f"/widget/config?site={site.key}&lang=de")).json()
        german = boot_of((await browser.get(f"/frame?site={site.key}&lang=de")).text)
        english = boot_of((await browser.get(f"/frame?site={site.key}&lang=en")).text)
    assert config["words"] == {"open": "Frag uns", "close": "Chat schließen"}
    assert german["texts"] == own["de"]
    assert english["texts"] == {}


async def test_the_panel_knows_where_one_reads_what_one_agrees_to_and_that_a_form_may_come(house):
    site = house.sites["acme"]
    path = f"/api/sites/{site.id}/widget"
    forms = {"before": True, "consent": {"text": "", "link": "https://acme.example/f"}}
    async with house.browser("adam") as browser:

        async def panel(**change):
            answer = await browser.patch(path, json=change)
            assert answer.status_code == 200, answer.text
            boot = boot_of((await browser.get(f"/frame?site={site.key}")).text)
            return boot["asks"], boot["privacy"]

        of_its_own = {"link": " https://acme.example/privacy "}
        assert await panel(version=0, forms=forms) == (True, "https://acme.example/f")
        assert await panel(version=1, consent=of_its_own) == (True, "https://acme.example/privacy")
        assert await panel(version=2, forms={"before": False}) == (
            False,
            "https://acme.example/privacy",
        )
        wrong = {"version": 3, "consent": {"link": "javascript:alert(1)"}}
        refused = await browser.patch(path, json=wrong)
    assert refused.json()["error"]["fields"] == {"consent.link": "not_a_link"}


async def test_who_may_not_manage_sites_may_look_and_no_more(house):
    site = house.sites["acme"]
    async with house.browser("ann") as browser:
        assert (await browser.get(f"/api/sites/{site.id}/widget")).status_code == 200
        refused = await browser.patch(f"/api/sites/{site.id}/widget", json={"version": 0})
        assert refused.status_code == 403
    async with house.browser("rita") as browser:
        for answer in (
            await browser.get(f"/api/sites/{site.id}/widget"),
            await browser.patch(f"/api/sites/{site.id}/widget", json={"version": 0}),
        ):
            assert answer.status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ({"looks": {}}, 400, {"version": "required"}),
        ({"version": "0"}, 400, {"version": "unknown"}),
        ({"version": True}, 400, {"version": "unknown"}),
        ({"version": 0, "looks": {"corners": "wavy"}}, 400, {"looks.corners": "unknown"}),
        ({"version": 4}, 409, {}),
        ([], 400, {}),
    ],
)
async def test_a_wrong_change_is_refused_and_changes_nothing(house, body, status, fields):
    site = house.sites["acme"]
    async with house.browser("adam") as browser:
        answer = await browser.patch(f"/api/sites/{site.id}/widget", json=body)
        assert (answer.status_code, answer.json()["error"]["fields"]) == (status, fields)
        assert (await browser.get(f"/api/sites/{site.id}/widget")).json()["version"] == 0


async def test_all_of_it_together_has_a_limit(tmp_path):
    async with open_acme(tmp_path, widget_settings_bytes=60) as house:
        path = f"/api/sites/{house.sites['acme'].id}/widget"
        async with house.browser("adam") as browser:
            body = {"version": 0, "looks": {"welcome": "x" * 60}}
            answer = await browser.patch(path, json=body)
            assert answer.json()["error"]["fields"] == {"looks": "too_long"}
            body = {"version": 0, "looks": {"corners": "round"}}
            assert (await browser.patch(path, json=body)).status_code == 200


def sites_of(database):
    broker = MemoryBroker(asyncio.get_running_loop().call_soon)
    shared = {"database": database, "clock": FakeClock(), "ids": CountingIds()}
    return Sites(broker=broker, widget_bytes=65536, **shared)


ANN = AgentSession("s", "acme", "ann", "ann", "Ann", "ann@acme.example", Role.OWNER, "en", "x")


async def test_of_two_who_write_at_once_one_is_told(database):
    sites = sites_of(database)
    both = [
        sites.change_widget(ANN, "shop", {"looks": {"corners": corners}}, 0)
        for corners in ("round", "square")
    ]
    results = await asyncio.gather(*both, return_exceptions=True)
    (won,) = [one for one in results if not isinstance(one, Exception)]
    assert [type(one) for one in results if one is not won] == [Conflict]
    assert (await sites.widget("acme", "shop")) == won
    assert won.version == 1


async def test_the_previous_release_writes_a_site_without_touching_them(database):
    """And a change of the site itself does not, here or there."""
    sites = sites_of(database)
    settings = await sites.change_widget(ANN, "shop", {"looks": {"corners": "round"}}, 0)
    async with database.write() as connection:
        old = "UPDATE sites SET name = 'Tea' WHERE workspace_id = 'acme' AND id = 'shop'"
        await connection.execute(text(old))
        site = await site_store.find(connection, "acme", "shop")
        await site_store.replace(connection, msgspec.structs.replace(site, color="#000000"))
    assert (await sites.widget("acme", "shop")) == settings


async def test_a_draft_answers_what_a_panel_would_be_told_and_stores_nothing(house):
    site = house.sites["acme"]
    draft = {
        "site": {"color": "#AA0000", "greeting": "Hi"},
        "widget": {"looks": {"corners": "square", "welcome": "Dear all"}},
        "lang": "zh-TW",
    }
    async with house.browser("adam") as browser:
        before = await house.kinds()
        told = (await browser.post(f"/api/sites/{site.id}/preview", json=draft)).json()
        assert (await browser.get(f"/api/sites/{site.id}/widget")).json()["version"] == 0
        assert (await browser.get(f"/widget/config?site={site.key}")).json()["color"] == "#1f6feb"
    assert await house.kinds() == before
    assert (told["config"]["color"], told["boot"]["site"]["corners"]) == ("#aa0000", "square")
    assert (told["boot"]["looks"]["welcome"], told["boot"]["locale"]) == ("Dear all", "zh-TW")


async def test_a_draft_answers_what_a_stranger_would_be_asked(house):
    forms = {
        "before": True,
        "offline": True,
        "fields": [{"key": "size", "kind": "text", "label": "Which size?"}],
        "consent": {"text": "I agree", "link": "", "version": "2"},
    }
    path = f"/api/sites/{house.sites['acme'].id}/preview"
    async with house.browser("adam") as browser:
        told = (await browser.post(path, json={"widget": {"forms": forms}})).json()
        unasked = (await browser.post(path, json={})).json()
    assert told["before"]["fields"] == [{"key": "size", "kind": "text", "label": "Which size?"}]
    assert told["before"]["consent"] == told["offline"]["consent"]
    assert told["before"]["consent"] == {"text": "I agree", "version": "2"}
    assert [field["key"] for field in told["offline"]["fields"]] == ["name", "email"]
    assert (unasked["before"], unasked["offline"]) == (None, None)


async def test_a_wrong_draft_names_the_fields_of_both(house):
    draft = {"site": {"color": "red"}, "widget": {"looks": {"corners": "wavy"}}}
    async with house.browser("adam") as browser:
        path = f"/api/sites/{house.sites['acme'].id}/preview"
        answer = await browser.post(path, json=draft)
        wrong = {"color": "not_a_colour", "looks.corners": "unknown"}
        assert answer.json()["error"]["fields"] == wrong


async def test_only_the_console_may_frame_the_stage(tmp_path):
    apart = {"widget_url": "https://w.example", "console_url": "https://c.example"}
    async with open_acme(tmp_path, **apart) as house:
        async with house.browser(html=True) as browser:
            answer = await browser.get(f"/preview/stage?site={house.sites['acme'].key}")
            assert "frame-ancestors https://c.example;" in answer.headers["content-security-policy"]
            assert (
                "script-src https://w.example 'self'" in answer.headers["content-security-policy"]
            )
        async with house.browser("olga", html=True) as browser:
            answer = await browser.get("/agent/")
            assert "frame-src https://w.example" in answer.headers["content-security-policy"]
