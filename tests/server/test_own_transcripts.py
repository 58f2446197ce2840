"""Visitors read their own conversations and take them along; nobody else's."""

import pytest

from chatserver.conversation.commands import Close, Rate, SendMessage
from tests.support.slices import guest, open_world, staff
from tests.support.transcribing import transcripts_of

PATH = "/visitor/conversations"


@pytest.fixture
async def world(database, clock):
    return await open_world(database, clock)


@pytest.fixture
def mails():
    return []


@pytest.fixture
def feature(world, mails):
    async def send(_connection, workspace_id, mail):
        mails.append((workspace_id, mail))

    return transcripts_of(world, send)


async def token_of(world, visitor):
    async with world.database.write() as connection:
        return await world.identity.visitors.admit(connection, "acme", visitor.id)


@pytest.fixture
async def vera(world, feature):
    async with world.browser([feature], None) as browser:
        browser.headers["Authorization"] = f"Bearer {await token_of(world, world.vera)}"
        yield browser


async def chat(world, visitor, question="Is it <b>green</b>?"):
    state = await world.open(visitor)
    await world.do(guest(visitor), SendMessage(world.ids.new(), question), state.id)
    await world.do(staff(world.ann), SendMessage(world.ids.new(), "a note", True), state.id)
    await world.do(staff(world.ann), SendMessage(world.ids.new(), "It is"), state.id)
    return await world.do(staff(world.ann), Close("agent"), state.id)


async def found(browser, **query):
    answer = await browser.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_visitor_sees_their_own_chats_and_which_of_them_goes_on(world, feature, vera):
    first = await chat(world, world.vera)
    world.clock.advance(hours=25)
    second = await chat(world, world.vera, "And now?")
    await chat(world, await world.visitor("Vic"))
    await world.feed(feature)
    items = (await found(vera))["items"]
    assert [(i["conversation"], i["can_continue"]) for i in items] == [
        (second.id, True),
        (first.id, False),
    ]
    assert (items[0]["agents"], items[0]["messages"]) == (["Ann"], 2)
    page = await found(vera, limit=1)
    assert [i["conversation"] for i in page["items"]] == [second.id]
    rest = await found(vera, limit=1, cursor=page["next"])
    assert [i["conversation"] for i in rest["items"]] == [first.id]
    world.clock.advance(hours=25)
    assert not any(item["can_continue"] for item in (await found(vera))["items"])


@pytest.mark.parametrize(
    ("language", "title", "direction"),
    [("de", "Chatverlauf", "ltr"), ("ar", "نص المحادثة", "rtl")],
)
async def test_what_is_taken_along_speaks_as_the_panel(
    world, feature, vera, language, title, direction
):
    state = await chat(world, world.vera)
    await world.feed(feature)
    text = await vera.get(f"{PATH}/{state.id}/text", params={"lang": language})
    assert text.text.startswith(title)
    page = await vera.get(f"{PATH}/{state.id}/page", params={"lang": language})
    assert f'<html lang="{language}" dir="{direction}">' in page.text
    assert title in page.text


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "02 Mar 2026, 10:00:00"),
        ("de", "02.03.2026, 10:00:00"),
        ("pt-BR", "02/03/2026, 10:00:00"),
        ("ko", "2026. 03. 02. 10:00:00"),
        ("ar", "02/03/2026، 10:00:00"),
    ],
)
async def test_times_are_those_of_the_reader(world, feature, vera, language, written):
    state = await chat(world, world.vera)
    await world.feed(feature)
    asked = {"lang": language, "tz": "+05:00", "zone": "Europe/Berlin"}
    text = (await vera.get(f"{PATH}/{state.id}/text", params=asked)).text
    assert f"{written} (Europe/Berlin)" in text
    unknown = asked | {"zone": "../etc/passwd"}
    text = (await vera.get(f"{PATH}/{state.id}/text", params=unknown)).text
    assert "14:00:00 (UTC+05:00)" in text


async def test_a_chat_is_read_as_its_visitor_may_see_it(world, feature, vera):
    state = await chat(world, world.vera)
    await world.do(guest(world.vera), Rate("r-1", 4), state.id)
    await world.feed(feature)
    read = (await vera.get(f"{PATH}/{state.id}")).json()
    assert "a note" not in str(read)
    assert [fact["seq"] for fact in read["facts"]] == list(range(1, len(read["facts"]) + 1))
    assert read["facts"][-1]["rating"] == {"score": 4}
    text = await vera.get(f"{PATH}/{state.id}/text", params={"tz": "+08:00", "lang": "zh-CN"})
    assert "聊天记录" in text.text
    assert "Ann: It is" in text.text
    assert "a note" not in text.text
    assert text.headers["content-disposition"].startswith("attachment")
    page = await vera.get(f"{PATH}/{state.id}/page")
    assert "Is it &lt;b&gt;green&lt;/b&gt;?" in page.text
    assert "a note" not in page.text
    assert '.html"' in page.headers["content-disposition"]
    for outside in ("src=", "href=", "url("):
        assert outside not in page.text


async def test_a_transcript_is_mailed_some_times_and_then_not(world, feature, vera, mails):
    state = await chat(world, world.vera)
    await world.feed(feature)
    door = f"{PATH}/{state.id}/mail?lang=zh-TW"
    assert (await vera.post(door, json={"email": " vera@mail.example "})).status_code == 202
    workspace_id, mail = mails[0]
    assert (workspace_id, mail.to, mail.subject) == ("acme", "vera@mail.example", "您與Shop的對話")
    assert "Ann: It is" in mail.text
    assert '<html lang="zh-TW" dir="ltr">' in mail.html
    assert "Ann: It is" in mail.html
    assert "a note" not in mail.text
    wrong = await vera.post(door, json={"email": "vera"})
    assert wrong.json()["error"]["fields"] == {"email": "not_an_email"}
    assert (await vera.post(door, json={"email": "vera@mail.example"})).status_code == 202
    often = await vera.post(door, json={"email": "vera@mail.example"})
    assert (often.status_code, often.json()["error"]["code"]) == (429, "rate_limited")
    world.clock.advance(hours=1)
    assert (await vera.post(door, json={"email": "vera@mail.example"})).status_code == 202


async def test_strangers_see_nothing(world, feature, vera):
    other = await chat(world, await world.visitor("Vic"))
    await world.feed(feature)
    for path in ("", "/text", "/page"):
        assert (await vera.get(f"{PATH}/{other.id}{path}")).status_code == 404
    asked = {"email": "vera@mail.example"}
    assert (await vera.post(f"{PATH}/{other.id}/mail", json=asked)).status_code == 404
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert (await vera.get(PATH, headers=foreign)).status_code == 403
    for wrong in ("Bearer x", ""):
        assert (await vera.get(PATH, headers={"Authorization": wrong})).status_code == 401
    for cursor in ("x", "WzFlOTld"):
        assert (await vera.get(PATH, params={"cursor": cursor})).status_code == 400


async def test_without_mail_there_is_no_door_for_it(world):
    state = await chat(world, world.vera)
    feature = transcripts_of(world)
    await world.feed(feature)
    async with world.browser([feature], None) as browser:
        browser.headers["Authorization"] = f"Bearer {await token_of(world, world.vera)}"
        answer = await browser.post(f"{PATH}/{state.id}/mail", json={"email": "v@mail.example"})
    assert answer.status_code == 404
