"""Canned replies: who may change them, how they are found, what is never lost."""

import asyncio
import json

import pytest
from sqlalchemy import select

from chatserver.errors import Conflict, Invalid, NotFound, Rejected
from chatserver.features import canned
from chatserver.features.canned import service
from chatserver.features.canned.model import Draft
from chatserver.features.canned.service import CannedReplies
from chatserver.storage.schema import facts
from tests.support.slices import open_world

PATH = "/api/canned-replies"


@pytest.fixture
async def world(database, clock):
    return await open_world(database, clock)


@pytest.fixture
def feature(world):
    return canned.build(database=world.database, clock=world.clock, ids=world.ids)


@pytest.fixture
def replies(world):
    return CannedReplies(database=world.database, clock=world.clock, ids=world.ids)


@pytest.fixture
async def ann(world):
    return (await world.session(world.ann))[1]


@pytest.fixture
async def rita(world):
    return (await world.session(world.rita))[1]


async def shortcuts(replies, by, query):
    return [reply.shortcut for reply, _ in await replies.search(by, query, after=None, limit=100)]


async def test_a_reply_is_added_changed_and_removed(world, feature):
    async with world.browser([feature], world.ann) as browser:
        added = await browser.post(PATH, json={"shortcut": "Hi", "title": "T", "text": "Hello"})
        reply = added.json()
        assert added.status_code == 201
        assert reply["version"] == 1
        assert reply["updated_by"] == world.ann.id
        changed = await browser.put(
            f"{PATH}/{reply['id']}",
            json={"shortcut": "hi", "title": "T", "text": "Bye", "version": 1},
        )
        assert changed.json() | {"text": "Bye", "version": 2} == changed.json()
        assert (await browser.get(PATH)).json()["items"] == [changed.json()]
        assert (await browser.delete(f"{PATH}/{reply['id']}")).status_code == 204
        assert (await browser.get(PATH)).json() == {"items": [], "next": None}


async def test_a_stale_version_is_refused_and_changes_nothing(replies, ann):
    reply = await replies.add(ann, Draft("hi", "T", "one"))
    await replies.change(ann, reply.id, Draft("hi", "T", "two"), 1)
    with pytest.raises(Conflict):
        await replies.change(ann, reply.id, Draft("hi", "T", "three"), 1)
    assert (await replies.search(ann, "", after=None, limit=9))[0][0].text == "two"


async def test_of_two_who_save_at_once_one_is_told(replies, ann):
    reply = await replies.add(ann, Draft("hi", "T", "x"))
    changes = [replies.change(ann, reply.id, Draft("hi", "T", text), 1) for text in "ab"]
    results = await asyncio.gather(*changes, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["CannedReply", "Conflict"]


async def test_a_shortcut_is_unique_whatever_its_case_and_width(replies, ann, rita):
    await replies.add(ann, Draft("Straße", "T", "x"))
    with pytest.raises(Invalid) as caught:
        await replies.add(ann, Draft("ＳＴＲＡＳＳＥ", "T", "x"))
    assert caught.value.fields == {"shortcut": "taken"}
    await replies.add(rita, Draft("strasse", "T", "x"))


async def test_a_change_cannot_take_another_replys_shortcut(replies, ann):
    await replies.add(ann, Draft("one", "T", "x"))
    two = await replies.add(ann, Draft("two", "T", "x"))
    with pytest.raises(Invalid):
        await replies.change(ann, two.id, Draft("ONE", "T", "x"), 1)


async def test_another_workspaces_reply_does_not_exist(world, feature, replies, rita):
    theirs = await replies.add(rita, Draft("hi", "T", "x"))
    body = {"shortcut": "hi", "title": "T", "text": "x", "version": 1}
    async with world.browser([feature], world.ann) as browser:
        answers = [
            await browser.put(f"{PATH}/{theirs.id}", json=body),
            await browser.delete(f"{PATH}/{theirs.id}"),
            await browser.put(f"{PATH}/missing", json=body),
            await browser.delete(f"{PATH}/{'x' * 65}"),
        ]
        assert {(a.status_code, a.json()["error"]["code"]) for a in answers} == {(404, "not_found")}
        assert (await browser.get(PATH)).json()["items"] == []


async def test_search_ranks_shortcut_then_title_then_text(replies, ann):
    await replies.add(ann, Draft("zz", "Other", "about shipping"))
    await replies.add(ann, Draft("times", "Shipping times", "soon"))
    await replies.add(ann, Draft("ship", "Other", "x"))
    await replies.add(ann, Draft("shipping", "Other", "x"))
    assert await shortcuts(replies, ann, "SHIP") == ["ship", "shipping", "times", "zz"]
    assert await shortcuts(replies, ann, "/ship") == ["ship", "shipping", "times", "zz"]
    assert await shortcuts(replies, ann, "ship soon") == ["times"]


async def test_search_finds_parts_of_chinese_words(replies, ann):
    await replies.add(ann, Draft("发货", "发货时间", "中午下单当天寄出"))
    await replies.add(ann, Draft("hi", "欢迎", "您好"))
    for query in ("发", "货时", "当天", "下单 发货", "＃发货"):
        assert await shortcuts(replies, ann, query) == ["发货"]


@pytest.mark.parametrize("query", ["%", "_", "\\", "%%_", "'", "\0"])
async def test_search_takes_wildcards_and_quotes_literally(replies, ann, query):
    await replies.add(ann, Draft("plain", "Plain", "nothing special"))
    await replies.add(ann, Draft("odd", "100 % \\ _ '", f"%%_ {query}".replace("\0", "")))
    expected = ["odd"] if query != "\0" else ["odd", "plain"]
    assert await shortcuts(replies, ann, query) == expected


async def test_a_long_list_comes_in_pages_without_holes(world, feature, replies, ann):
    for number in range(25):
        await replies.add(ann, Draft(f"s{number:02}", "T", "x"))
    async with world.browser([feature], world.ann) as browser:
        seen, cursor = [], ""
        while cursor is not None:
            page = (await browser.get(PATH, params={"limit": 10, "cursor": cursor})).json()
            seen += [item["shortcut"] for item in page["items"]]
            cursor = page["next"]
    assert seen == [f"s{number:02}" for number in range(25)]


async def test_a_full_workspace_takes_no_more(replies, ann, monkeypatch):
    monkeypatch.setattr(service, "PER_WORKSPACE", 1)
    await replies.add(ann, Draft("one", "T", "x"))
    with pytest.raises(Rejected):
        await replies.add(ann, Draft("two", "T", "x"))


async def test_every_change_is_a_fact_without_words(world, replies, ann):
    reply = await replies.add(ann, Draft("secret", "Secret", "secret"))
    await replies.change(ann, reply.id, Draft("secret", "Secret", "secret 2"), 1)
    await replies.remove(ann, reply.id)
    query = select(facts.c.meta, facts.c.body, facts.c.author_id).where(
        facts.c.kind == "canned.changed", facts.c.workspace_id == "acme"
    )
    async with world.database.read() as connection:
        rows = (await connection.execute(query)).all()
    metas = [json.loads(row.meta) for row in rows]
    assert [meta["change"] for meta in metas] == ["added", "changed", "removed"]
    assert {row.author_id for row in rows} == {world.ann.id}
    assert all(row.body is None and "secret" not in row.meta for row in rows)


async def test_a_refused_change_leaves_no_fact(world, replies, ann):
    await replies.add(ann, Draft("one", "T", "x"))
    for attempt in (replies.add(ann, Draft("ONE", "T", "x")), replies.remove(ann, "missing")):
        with pytest.raises((Invalid, NotFound)):
            await attempt
    query = select(facts.c.position).where(
        facts.c.kind == "canned.changed", facts.c.workspace_id == "acme"
    )
    async with world.database.read() as connection:
        assert len((await connection.execute(query)).all()) == 1


async def test_ensuring_a_reply_twice_keeps_the_first(replies, ann):
    await replies.ensure(ann, "hi", "T", "first")
    await replies.ensure(ann, "HI", "T", "second")
    found = await replies.search(ann, "", after=None, limit=9)
    assert [reply.text for reply, _ in found] == ["first"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"shortcut": "required"}),
        ({"shortcut": "a", "title": "b", "text": 1}, {"text": "unknown"}),
        ({"shortcut": "a", "title": "b", "text": "c", "id": "x"}, {"id": "unknown"}),
        (
            {"shortcut": "a b", "title": "", "text": "{{x}}"},
            {"shortcut": "not_a_shortcut", "title": "required", "text": "unknown_variable"},
        ),
    ],
)
async def test_wrong_fields_are_named(world, feature, body, fields):
    async with world.browser([feature], world.ann) as browser:
        answer = await browser.post(PATH, json=body)
    assert (answer.status_code, answer.json()["error"]["fields"]) == (400, fields)


@pytest.mark.parametrize("cursor", ["x", "!!", "W10", "WyJhIiwxXQ", "WzFlOTksIngiXQ"])
async def test_a_forged_cursor_is_refused(world, feature, cursor):
    async with world.browser([feature], world.ann) as browser:
        answer = await browser.get(PATH, params={"cursor": cursor})
    assert answer.status_code == 400


async def test_nobody_reads_replies_without_a_session(world, feature):
    async with world.browser([feature], None) as browser:
        assert (await browser.get(PATH)).status_code == 401
        assert (await browser.post(PATH, json={})).status_code == 401
