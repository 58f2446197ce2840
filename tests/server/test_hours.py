"""Opening hours over HTTP: who changes them, what visitors are told, what is never lost."""

import asyncio

import msgspec
import pytest
from sqlalchemy import update

from chatserver.errors import Conflict, Invalid
from chatserver.features import hours
from chatserver.features.hours import store
from chatserver.features.hours.model import DEFAULT, Plan
from chatserver.storage import log
from tests.support.doors import open_acme
from tests.support.slices import open_world

PATH = "/api/sites/shop/hours"
OFFICE = [["09:00", "17:00"]]
# 2026-03-02, the day of the fake clock, is a Monday; 9:00 UTC is 17:00 in Shanghai.
BODY = {
    "zone": "Asia/Shanghai",
    "always": False,
    "week": [OFFICE] * 5 + [[], []],
    "holidays": [{"first": "2026-10-01", "last": "2026-10-07", "name": "国庆节"}],
    "workdays": [{"date": "2026-10-10", "hours": OFFICE, "name": ""}],
    "version": 0,
}
HOLIDAYS = [{"first": "2026-03-09", "last": "2026-03-09", "name": ""}]
WORKDAYS = [{"date": "2026-03-09", "hours": [["05:00", "05:01"]], "name": ""}]
PLAN = Plan("Asia/Shanghai", False, ((("09:00", "17:00"),),) * 5 + ((), ()))


@pytest.fixture
async def world(database, clock):
    return await open_world(database, clock)


@pytest.fixture
def service(world):
    return hours.OpeningHours(
        database=world.database, clock=world.clock, ids=world.ids, sites=world.identity.sites
    )


@pytest.fixture
def feature(service):
    return hours.build(hours=service)


@pytest.fixture
async def ann(world):
    return (await world.session(world.ann))[1]


async def test_a_site_is_always_open_until_somebody_says_otherwise(world, feature):
    async with world.browser([feature], world.bob) as browser:
        found = (await browser.get(PATH)).json()
    assert (found["always"], found["zone"], found["version"]) == (True, "UTC", 0)
    assert (found["open"], found["next_opening"], found["updated_by"]) == (True, None, None)


async def test_hours_are_saved_and_come_back(world, feature):
    async with world.browser([feature], world.ann) as browser:
        saved = (await browser.put(PATH, json=BODY)).json()
        assert (await browser.get(PATH)).json() == saved
    assert saved == BODY | {
        "version": 1,
        "updated_at": "2026-03-02T09:00:00.000Z",
        "updated_by": world.ann.id,
        "open": False,
        "next_opening": "2026-03-03T01:00:00.000Z",
    }


async def stored_elsewhere(world, text):
    table, workspace_id = store.opening_hours, world.site.workspace_id
    statement = update(table).where(table.c.workspace_id == workspace_id).values(plan=text)
    async with world.database.write() as connection:
        await connection.execute(statement)


@pytest.mark.parametrize(
    "newer",
    [
        {"holidays": [{"first": "2026-03-09", "last": "2026-03-09", "name": "", "half": True}]},
        {"holidays": [*HOLIDAYS, {"kind": "easter", "offset": 1}]},
        {"holidays": [*HOLIDAYS, {"first": "every-first-monday", "last": "2026-04-01"}]},
        {"workdays": [{"date": "2026-03-09", "hours": []}, {"kind": "late", "until": "22:00"}]},
        {"workdays": [*WORKDAYS, {"date": "2026-03-12", "hours": [["9am", "5pm"]]}]},
        {"holidays": HOLIDAYS, "seasons": [{"from": "05-01", "week": []}]},
    ],
)
async def test_what_a_newer_release_has_stored_takes_no_chat_away(world, feature, service, newer):
    """A step back: what is understood counts, the rest is as if it were not there."""
    async with world.browser([feature], world.ann) as browser:
        await browser.put(PATH, json=BODY)
        plan = {"zone": "Asia/Shanghai", "always": False, "week": [OFFICE] * 5 + [[], []]} | newer
        await stored_elsewhere(world, msgspec.json.encode(plan).decode())
        shown = (await browser.get(PATH)).json()
        assert shown["week"] == plan["week"]
        assert (await browser.put(PATH, json=BODY | {"version": 1})).status_code == 200
        await stored_elsewhere(world, msgspec.json.encode(plan).decode())
    # The Monday after next is the day off that both releases know.
    world.clock.advance(hours=7 * 24 - 2)
    assert (await service.opening(world.site)).open is False
    world.clock.advance(hours=24)
    assert (await service.opening(world.site)).open


@pytest.mark.parametrize(
    "stored", ["[]", "{}", "7", '{"zone":"Mars/Base","always":false,"week":[]}']
)
async def test_hours_that_say_nothing_to_us_are_those_of_an_open_site(
    world, feature, service, stored
):
    async with world.browser([feature], world.ann) as browser:
        await browser.put(PATH, json=BODY)
        await stored_elsewhere(world, stored)
        assert (await browser.get(PATH)).status_code == 200
    assert (await service.opening(world.site)).open


async def test_what_is_written_is_taken_at_its_word(world, feature):
    async with world.browser([feature], world.ann) as browser:
        for name, day in (("holidays", HOLIDAYS[0]), ("workdays", WORKDAYS[0])):
            answer = await browser.put(PATH, json=BODY | {name: [day | {"half": True}]})
            assert answer.status_code == 400


async def test_only_who_manages_sites_changes_them(world, feature):
    async with world.browser([feature], world.bob) as browser:
        assert (await browser.get(PATH)).status_code == 200
        assert (await browser.put(PATH, json=BODY)).status_code == 403


async def test_a_stale_version_is_refused_and_changes_nothing(world, service, ann):
    await service.change(ann, "shop", PLAN, 0)
    with pytest.raises(Conflict):
        await service.change(ann, "shop", DEFAULT.plan, 0)
    with pytest.raises(Conflict):
        await service.change(ann, "shop", DEFAULT.plan, 7)
    found = await service.get(ann, "shop")
    assert (found.plan, found.version) == (PLAN, 1)


async def test_of_two_who_save_at_once_one_is_told(service, ann):
    for version in (0, 1):
        plans = (PLAN, DEFAULT.plan)
        changes = [service.change(ann, "shop", plan, version) for plan in plans]
        results = await asyncio.gather(*changes, return_exceptions=True)
        assert sorted(type(result).__name__ for result in results) == ["Conflict", "SiteHours"]


async def test_a_refused_change_leaves_no_fact(world, service, ann):
    await service.change(ann, "shop", PLAN, 0)
    with pytest.raises(Invalid):
        await service.change(ann, "shop", Plan("x", False, ()), 1)
    async with world.database.read() as connection:
        kinds = [entry.kind for entry in await log.after(connection, 0, 100)]
    assert kinds.count("hours.changed") == 1


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"zone": "Mars/Base"}, {"zone": "unknown"}),
        ({"week": [OFFICE] * 6}, {"week": "unknown"}),
        ({"week": [[["09:00"]]] + [OFFICE] * 6}, {"week": "unknown"}),
        ({"holidays": [{"first": "x", "last": "y"}]}, {"holidays[0]": "not_a_date"}),
        ({"workdays": [{"date": "2026-10-10", "hours": []}]}, {"workdays[0]": "required"}),
        ({"department": "sales"}, {"department": "unknown"}),
        ({"version": -1}, {"version": "unknown"}),
    ],
)
async def test_wrong_hours_are_refused_field_by_field(world, feature, change, fields):
    async with world.browser([feature], world.ann) as browser:
        answer = await browser.put(PATH, json=BODY | change)
    assert (answer.status_code, answer.json()["error"]["fields"]) == (400, fields)


async def test_another_workspaces_site_does_not_exist(world, feature):
    async with world.browser([feature], world.rita) as browser:
        for path in (PATH, "/api/sites/missing/hours", f"/api/sites/{'x' * 65}/hours"):
            assert (await browser.get(path)).status_code == 404
            assert (await browser.put(path, json=BODY)).status_code == 404


async def test_visitors_are_told_when_it_opens(tmp_path):
    async with open_acme(tmp_path) as house, house.browser("adam") as browser:
        site = house.sites["acme"]
        config = f"/widget/config?site={site.key}"
        assert (await browser.get(config)).json()["open"] is True
        assert (await browser.put(f"/api/sites/{site.id}/hours", json=BODY)).status_code == 200
        told = (await browser.get(config)).json()
        assert (told["open"], told["next_opening"]) == (False, "2026-03-03T01:00:00Z")
        assert (
            '"next_opening":"2026-03-03T01:00:00Z"'
            in (await browser.get(f"/frame?site={site.key}")).text
        )
        house.clock.advance(hours=16)
        told = (await browser.get(config)).json()
        assert (told["open"], told["next_opening"]) == (True, None)
        assert "国庆节" not in str(told)
