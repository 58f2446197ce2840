"""Transcripts: the index follows the log, search finds, notes stay inside, strangers stay out."""

import pytest
from sqlalchemy import select

from chatserver.conversation.commands import Assign, Close, SendMessage
from chatserver.features import csat, transcripts
from chatserver.features.transcripts.store import transcripts as table
from tests.support.slices import guest, open_world, staff

PATH = "/api/transcripts"


@pytest.fixture
async def world(database, clock):
    return await open_world(database, clock)


@pytest.fixture
def feature(world):
    return transcripts.build(database=world.database, pages=world.pages, ratings=csat.store)


@pytest.fixture
async def ann(world, feature):
    async with world.browser([feature], world.ann) as browser:
        yield browser


async def say(world, state, who, text, *, private=False, quote=None):
    message = SendMessage(world.ids.new(), text, private, quote=quote)
    return await world.do(who, message, state.id)


async def talk(world, visitor, *texts):
    """A chat in which visitor and ann take turns."""
    state, speakers = await world.open(visitor), (guest(visitor), staff(world.ann))
    for number, text in enumerate(texts):
        state = await say(world, state, speakers[number % 2], text)
    return state


async def rows(world):
    async with world.database.read() as connection:
        return (
            await connection.execute(
                select(table)
                .where(table.c.workspace_id == "acme")
                .order_by(table.c.conversation_id)
            )
        ).all()


async def found(browser, **query):
    answer = await browser.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    return [item["conversation"] for item in answer.json()["items"]]


async def test_a_card_says_who_when_where_and_how_much(world, feature, ann):
    state = await talk(world, world.vera, "Hello", "Hi Vera")
    await say(world, state, staff(world.bob), "a note", private=True)
    state = await world.do(staff(world.ann), Close("agent"), state.id)
    await world.feed(feature)
    (item,) = (await ann.get(PATH)).json()["items"]
    assert item == {
        "conversation": state.id,
        "phase": "closed",
        "visitor": {"id": world.vera.id, "name": "Vera", "email": "vera@mail.example"},
        "site": {"id": world.site.id, "name": "Shop"},
        "agents": [{"id": world.ann.id, "name": "Ann"}, {"id": world.bob.id, "name": "Bob"}],
        "opened_at": "2026-03-02T09:00:00.000Z",
        "closed_at": "2026-03-02T09:00:04.000Z",
        "last_at": "2026-03-02T09:00:03.000Z",
        "messages": 2,
        "rating": None,
    }


async def test_a_chat_without_a_message_is_no_transcript_yet(world, feature, ann):
    state = await world.open()
    await world.feed(feature)
    assert await found(ann) == []
    await say(world, state, guest(world.vera), "Hello")
    await world.feed(feature)
    assert await found(ann) == [state.id]


async def test_a_reactor_run_twice_changes_nothing(world, feature):
    state = await talk(world, world.vera, "Hello", "Hi", "Bye")
    await world.do(guest(world.vera), Close("visitor"), state.id)
    await world.feed(feature)
    first = await rows(world)
    await world.feed(feature)
    await world.feed(feature, after=2)
    assert await rows(world) == first


async def test_reading_the_log_in_pieces_or_at_once_ends_the_same(world, feature):
    state, position = await world.open(), 0
    for text in ("one", "two"):
        state = await say(world, state, guest(world.vera), text)
        position = await world.feed(feature, after=position)
    await world.do(staff(world.ann), Assign(world.bob.id, "Bob"), state.id)
    await world.feed(feature, after=position)
    first = await rows(world)
    async with world.database.write() as connection:
        await connection.execute(table.delete().where(table.c.workspace_id == "acme"))
    await world.feed(feature)
    assert await rows(world) == first


async def test_search_finds_words_of_names_and_messages_together(world, feature, ann):
    chen = await world.visitor("陈静", "chen@mail.example")
    first = await talk(world, chen, "青瓷盖碗会不会很烫手", "您好，基本不烫")
    second = await talk(world, world.vera, "Is the TEAPOT glazed?", "It is not")
    await world.feed(feature)
    assert await found(ann, q="盖碗") == [first.id]
    assert await found(ann, q="烫手 陈静") == [first.id]
    assert await found(ann, q="ｔｅａｐｏｔ vera") == [second.id]
    assert await found(ann, q="ANN") == [second.id, first.id]
    assert await found(ann, q="mail.example teapot") == [second.id]
    assert await found(ann, q="teapot 盖碗") == []


@pytest.mark.parametrize("query", ["%", "_", "\\", "' OR 1=1 --", "100% _", '"'])
async def test_search_takes_wildcards_literally(world, feature, ann, query):
    await talk(world, world.vera, "nothing of the sort")
    other = await world.visitor("Bo")
    holds = await talk(world, other, f"here: 100% _ {query}")
    await world.feed(feature)
    assert await found(ann, q=query) == [holds.id]


async def test_notes_are_not_searched(world, feature, ann):
    state = await talk(world, world.vera, "Hello", "Hi")
    await say(world, state, staff(world.ann), "zebra", private=True)
    await world.feed(feature)
    assert await found(ann, q="zebra") == []


async def test_filters_narrow_by_site_agent_and_day(world, feature):
    first = await talk(world, world.vera, "one", "two")
    world.clock.advance(hours=48)
    second = await talk(world, await world.visitor("Bo"), "three")
    await say(world, second, staff(world.bob), "four")
    await world.feed(feature)
    async with world.browser([feature], world.ann) as ann:
        assert await found(ann, site=world.site.id) == [second.id, first.id]
        assert await found(ann, site="other") == []
        assert await found(ann, agent=world.bob.id) == [second.id]
        assert await found(ann, agent="%") == []
        assert await found(ann, to="2026-03-02") == [first.id]
        assert await found(ann, **{"from": "2026-03-03"}) == [second.id]
        hour = {"from": "2026-03-02T09:00:00Z", "to": "2026-03-02T10:00:00Z"}
        assert await found(ann, **hour) == [first.id]
        assert await found(ann, to="2026-03-02", tz="-10:00") == [first.id]
        assert await found(ann, to="2026-03-01", tz="-10:00") == [first.id]


@pytest.mark.parametrize(
    "query",
    [
        {"from": "yesterday"},
        {"to": "9999-12-31T23:59:59-12:00"},
        {"tz": "x"},
        {"site": "\0"},
        {"agent": "x" * 65},
        {"limit": "0"},
        {"cursor": "W10"},
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(ann, query):
    assert (await ann.get(PATH, params=query)).status_code == 400


async def test_the_list_comes_in_pages_without_holes(world, feature, ann):
    states = [await talk(world, await world.visitor(f"V{n}"), "hello") for n in range(12)]
    await world.feed(feature)
    seen, cursor = [], ""
    while cursor is not None:
        page = (await ann.get(PATH, params={"limit": 5, "cursor": cursor})).json()
        seen += [item["conversation"] for item in page["items"]]
        cursor = page["next"]
    assert seen == [state.id for state in reversed(states)]


async def test_a_transcript_is_read_with_its_notes_marked(world, feature, ann):
    state = await talk(world, world.vera, "Hello", "Hi")
    await say(world, state, staff(world.ann), "careful", private=True)
    await world.feed(feature)
    body = (await ann.get(f"{PATH}/{state.id}")).json()
    assert [fact["kind"] for fact in body["facts"]] == [
        "conversation.opened",
        "message.sent",
        "conversation.assigned",
        "message.sent",
        "message.sent",
    ]
    assert [fact.get("private", False) for fact in body["facts"]][-2:] == [False, True]
    assert body["next_seq"] is None
    assert (await ann.get(f"{PATH}/{state.id}", params={"after": 4})).json()["facts"] == (
        body["facts"][4:]
    )


async def test_a_long_transcript_says_where_it_goes_on(world, feature, ann, monkeypatch):
    monkeypatch.setattr(transcripts.service, "PAGE", 2)
    state = await talk(world, world.vera, "one", "two", "three")
    await world.feed(feature)
    seqs, after = [], None
    while True:
        params = {"after": after} if after else {}
        body = (await ann.get(f"{PATH}/{state.id}", params=params)).json()
        seqs += [fact["seq"] for fact in body["facts"]]
        after = body["next_seq"]
        if after is None:
            break
    assert seqs == [1, 2, 3, 4, 5]
    text = (await ann.get(f"{PATH}/{state.id}/text")).text
    assert [word in text for word in ("one", "two", "three")] == [True] * 3


async def test_the_text_is_an_attachment_that_nobody_keeps(world, feature, ann):
    state = await talk(world, world.vera, "Hello\nthere", "Hi =1+1")
    await say(world, state, staff(world.ann), "a note", private=True)
    await world.feed(feature)
    answer = await ann.get(f"{PATH}/{state.id}/text", params={"tz": "+08:00"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith('attachment; filename="chat-2026-03-02')
    assert answer.text.splitlines()[-2:] == [
        "[02 Mar 2026, 17:00:01] Vera: Hello ⏎ there",
        "[02 Mar 2026, 17:00:02] Ann: Hi =1+1",
    ]
    with_notes = await ann.get(f"{PATH}/{state.id}/text", params={"notes": "1"})
    assert "Ann (internal note): a note" in with_notes.text


async def test_text_and_paper_say_what_a_message_answers(world, feature, ann, monkeypatch):
    monkeypatch.setattr(transcripts.service, "PAGE", 1)  # what is quoted lies on an earlier page
    state = await talk(world, world.vera, "Which\n<b>tea</b>? " + "long " * 40)
    state = await say(world, state, staff(world.ann), "The green one", quote=2)
    await world.feed(feature)
    quoted = "In reply to Vera: “Which <b>tea</b>? long"
    lines = (await ann.get(f"{PATH}/{state.id}/text")).text.splitlines()
    assert lines[-1].startswith(f"[02 Mar 2026, 09:00:02] Ann: {quoted}")
    assert lines[-1].endswith("…” ⏎ The green one")
    paper = (await ann.get(f"/agent/transcripts/{state.id}/print")).text
    assert "In reply to Vera: “Which &lt;b&gt;tea" in paper
    assert "<b>tea" not in paper


async def test_the_page_for_paper_is_escaped_and_leaves_notes_out(world, feature, ann):
    evil = await world.visitor("<img src=x onerror=alert(1)>")
    state = await talk(world, evil, "<script>alert(1)</script> {{7*7}}", "Hi")
    await say(world, state, staff(world.ann), "a note", private=True)
    await world.feed(feature)
    answer = await ann.get(f"/agent/transcripts/{state.id}/print")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "{{7*7}}" in answer.text
    assert "a note" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    noted = await ann.get(f"/agent/transcripts/{state.id}/print", params={"notes": "1"})
    assert "a note" in noted.text


@pytest.mark.parametrize(("language", "visitor"), [("zh-CN", "访客"), ("zh-TW", "訪客")])
async def test_a_chinese_agent_reads_chinese_headings(world, feature, language, visitor):
    state = await talk(world, world.vera, "Hello")
    await world.feed(feature)
    async with world.browser([feature], world.ann, locale=language) as browser:
        assert f"{visitor}: Vera" in (await browser.get(f"{PATH}/{state.id}/text")).text
        page = await browser.get(f"/agent/transcripts/{state.id}/print")
    assert f'<html lang="{language}">' in page.text


async def test_another_workspace_finds_and_reads_nothing(world, feature):
    state = await talk(world, world.vera, "Hello")
    await world.feed(feature)
    async with world.browser([feature], world.rita) as rita:
        assert await found(rita) == []
        assert await found(rita, q="hello", site=world.site.id) == []
        for path in (f"{PATH}/{state.id}", f"{PATH}/{state.id}/text", f"{PATH}/missing"):
            answer = await rita.get(path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
        assert (await rita.get(f"/agent/transcripts/{state.id}/print")).status_code == 404


async def test_nobody_reads_without_a_session(world, feature):
    async with world.browser([feature], None) as browser:
        for path in (PATH, f"{PATH}/x", f"{PATH}/x/text", "/agent/transcripts/x/print"):
            assert (await browser.get(path)).status_code == 401
