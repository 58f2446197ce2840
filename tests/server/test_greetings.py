"""Greetings: what browsers are told of them, what they report, and what the console is shown."""

import asyncio

import msgspec
import pytest

from chatserver.conversation.commands import Open, Request
from chatserver.conversation.model import Actor, AuthorKind
from chatserver.features.greetings import store
from chatserver.features.greetings.model import Figures
from chatserver.features.greetings.reactor import REACTORS
from chatserver.storage import log
from tests.support.doors import SHOP, open_acme

GREETING = {
    "id": "g1",
    "text": "  Questions about\n sizes? ",
    "every_days": 7,
    "rule": {"pages": ["/cart*"], "seconds": 20, "attributes": [{"name": "plan", "value": "pro"}]},
}
OTHER = {"id": "g2", "text": "Bye?", "rule": {"exit_intent": True}}
IDLE = {"id": "g3", "text": "Not now", "active": False}


@pytest.fixture
async def house(tmp_path):
    async with open_acme(tmp_path, greeting_minute=100) as opened:
        yield opened


async def write(house, *items, **more):
    site = house.sites["acme"]
    async with house.browser("adam") as browser:
        version = (await browser.get(f"/api/sites/{site.id}/widget")).json()["version"]
        body = {"version": version, "greetings": {"items": list(items), **more}}
        return await browser.patch(f"/api/sites/{site.id}/widget", json=body)


async def report(house, *news, origin=SHOP, key=None):
    beacon = {
        "site": key or house.sites["acme"].key,
        "news": [{"greeting": greeting, "event": event} for greeting, event in news],
    }
    cross = {"Origin": origin, "Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"}
    async with house.browser() as browser:
        body = msgspec.json.encode(beacon)
        return await browser.post("/widget/greetings", content=body, headers=cross)


async def figures(house, days=30):
    path = f"/api/sites/{house.sites['acme'].id}/greetings?days={days}"
    async with house.browser("ann") as browser:
        return (await browser.get(path)).json()["figures"]


async def test_browsers_are_told_of_active_greetings_and_of_what_is_asked(house):
    assert (await write(house, GREETING, OTHER, IDLE, pause_days=3)).status_code == 200
    site = house.sites["acme"]
    async with house.browser() as browser:
        told = await browser.get(f"/widget/greetings?site={site.key}")
    assert told.headers["access-control-allow-origin"] == "*"
    assert told.headers["cache-control"] == "public, max-age=60"
    assert told.json() == {
        "pause_days": 3,
        "items": [
            {
                "id": "g1",
                "text": "Questions about sizes?",
                "every_days": 7,
                "rule": {"pages": ["/cart*"], "seconds": 20, "attributes": {"plan": "pro"}},
            },
            {"id": "g2", "text": "Bye?", "every_days": 0, "rule": {"exit_intent": True}},
        ],
    }


async def test_the_script_is_named_only_where_there_is_something_to_say(house):
    site = house.sites["acme"]
    async with house.browser() as browser:
        path = f"/widget/config?site={site.key}"
        assert (await browser.get(path)).json()["greetings"] == ""
        await write(house, IDLE)
        assert (await browser.get(path)).json()["greetings"] == ""
        await write(house, GREETING)
        told = (await browser.get(path)).json()
        assert told["words"]["dismiss"] == "Hide this message"
        script = told["greetings"]
        assert script.startswith("assets/widget/greetings.js?v=")
        loaded = await browser.get(f"/{script}")
    assert loaded.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert loaded.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize(
    ("item", "fields"),
    [
        ({"id": "a b", "text": "x"}, {"greetings.items.0.id": "unknown"}),
        ({"id": "a", "text": " "}, {"greetings.items.0.text": "required"}),
        ({"id": "a", "text": "x" * 301}, {"greetings.items.0.text": "too_long"}),
        ({"id": "a"}, {"greetings.items.0.text": "required"}),
        (
            {"id": "a", "text": "x", "rule": {"pages": ["cart"]}},
            {"greetings.items.0.rule.pages.0": "not_a_page"},
        ),
        (
            {"id": "a", "text": "x", "rule": {"scroll": 101}},
            {"greetings.items.0.rule.scroll": "out_of_range"},
        ),
        (
            {"id": "a", "text": "x", "rule": {"languages": ["d3"]}},
            {"greetings.items.0.rule.languages.0": "unknown"},
        ),
        (
            {"id": "a", "text": "x", "rule": {"moon": 1}},
            {"greetings.items.0.rule.moon": "unknown"},
        ),
    ],
)
async def test_a_wrong_greeting_is_refused_by_its_path(house, item, fields):
    assert (await write(house, item)).json()["error"]["fields"] == fields


async def test_two_greetings_are_told_apart(house):
    answer = await write(house, GREETING, {"id": "g1", "text": "Twice"})
    assert answer.json()["error"]["fields"] == {"greetings.items.1.id": "taken"}


async def test_what_happened_is_counted_by_day(house):
    await write(house, GREETING, OTHER)
    assert (await report(house, ("g1", "shown"), ("g1", "opened"))).status_code == 204
    await report(house, ("g1", "shown"), ("g2", "shown"), ("g2", "dismissed"))
    assert await figures(house) == {
        "g1": {"shown": 2, "dismissed": 0, "opened": 1, "chats": 0},
        "g2": {"shown": 1, "dismissed": 1, "opened": 0, "chats": 0},
    }
    house.clock.advance(2 * 86400)
    assert await figures(house, days=2) == {}
    assert (await figures(house, days=3))["g1"]["shown"] == 2


async def test_a_beacon_counts_each_event_of_a_known_greeting_once(house):
    await write(house, GREETING, IDLE)
    await report(house, *[("g1", "shown")] * 50, ("nope", "shown"), ("g3", "shown"))
    assert await figures(house) == {"g1": {"shown": 1, "dismissed": 0, "opened": 0, "chats": 0}}


async def test_a_page_that_may_not_show_the_chat_is_not_counted(house):
    await write(house, GREETING)
    assert (await report(house, ("g1", "shown"), origin="https://evil.example")).status_code == 204
    assert await figures(house) == {}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"site":"x","news":[{"greeting":"g","event":"chats"}]}',
        b'{"site":"x","news":[],"more":1}',
        b'{"site":"x","news":[' + b'{"greeting":"g","event":"shown"},' * 200 + b"{}]}",
    ],
)
async def test_what_is_no_beacon_is_refused(house, body):
    async with house.browser() as browser:
        answer = await browser.post("/widget/greetings", content=body)
    assert answer.status_code == 400


async def test_a_beacon_has_a_size_and_an_address_a_pace(tmp_path):
    async with open_acme(tmp_path, greeting_minute=2) as house:
        async with house.browser() as browser:
            large = await browser.post("/widget/greetings", content=b"x" * 20_000)
            assert large.status_code == 413
        codes = [(await report(house)).status_code for _ in range(3)]
        assert codes == [204, 204, 429]


async def test_an_unknown_site_is_not_found(house):
    assert (await report(house, key="nope")).status_code == 404
    async with house.browser() as browser:
        assert (await browser.get("/widget/greetings?site=nope")).status_code == 404


VERA = Actor(AuthorKind.VISITOR, "vera", "Vera")


async def opened(spine, **more):
    outcome = await spine.conversations.submit(
        Request("acme", "", VERA, Open("shop", "vera", **more))
    )
    return outcome.state


async def test_a_conversation_remembers_the_greeting_that_led_to_it(spine, database):
    await opened(spine, greeting="g1", greeting_text="Questions about sizes?")
    async with database.read() as connection:
        entry = next(e for e in await log.after(connection, 0, 10) if "opened" in e.kind)
    assert msgspec.json.decode(entry.meta)["greeting"] == "g1"
    assert msgspec.json.decode(entry.body or "")["text"] == "Questions about sizes?"
    async with database.write() as connection:
        await REACTORS["conversation.opened"](connection, entry)
    async with database.read() as connection:
        found = await store.figures(connection, ("acme", "shop"), "2000-01-01")
    assert found == {"g1": Figures(chats=1)}


async def test_a_conversation_that_began_by_itself_counts_for_nobody(spine, database):
    await opened(spine)
    async with database.read() as connection:
        entry = next(e for e in await log.after(connection, 0, 10) if "opened" in e.kind)
    assert "greeting" not in msgspec.json.decode(entry.meta)
    async with database.write() as connection:
        await REACTORS["conversation.opened"](connection, entry)
    async with database.read() as connection:
        assert await store.figures(connection, ("acme", "shop"), "2000-01-01") == {}


async def test_beacons_at_the_same_moment_lose_nothing(database):
    async def one():
        async with database.write() as connection:
            more = {"shown": 1, "opened": 1}
            await store.count(connection, ("acme", "shop"), "g1", "2026-03-02", more)

    await asyncio.gather(*(one() for _ in range(8)))
    async with database.read() as connection:
        found = await store.figures(connection, ("acme", "shop"), "2026-03-01")
    assert found == {"g1": Figures(shown=8, opened=8)}
