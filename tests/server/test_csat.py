"""Ratings: a row for each rated chat, the last word counts, strangers speak for no visitor."""

import pytest
from sqlalchemy import select

from chatserver.conversation.commands import AskRating, Close, Rate, SendMessage
from chatserver.errors import ClientIdConflict, NotFound, RatingOver
from chatserver.features import csat, transcripts
from chatserver.features.csat.store import ratings
from tests.support.slices import guest, open_world, staff

PATH = "/api/transcripts"
GOOD = Rate("r-1", 5, True, ("fast", "Free tea"), "Lovely")
BAD = Rate("r-2", 2, False, ("slow",), "")


@pytest.fixture
async def world(database, clock):
    return await open_world(database, clock)


@pytest.fixture
async def chat(world):
    """Closed by ann, who answered it."""
    state = await world.open()
    for who in (guest(world.vera), staff(world.ann)):
        await world.do(who, SendMessage(world.ids.new(), "Hello"), state.id)
    return await world.do(staff(world.ann), Close("agent"), state.id)


@pytest.fixture
async def ann(world):
    listed = transcripts.build(database=world.database, pages=world.pages, ratings=csat.store)
    async with world.browser([listed], world.ann) as browser:
        yield browser


async def fed(world):
    for feature in (
        csat.build(),
        transcripts.build(database=world.database, pages=world.pages, ratings=csat.store),
    ):
        await world.feed(feature)


async def rows(world):
    async with world.database.read() as connection:
        query = select(ratings).where(ratings.c.workspace_id == "acme")
        return (await connection.execute(query)).all()


async def test_a_rating_becomes_a_row_that_names_who_had_the_chat(world, chat):
    await world.do(guest(world.vera), GOOD, chat.id)
    await fed(world)
    (row,) = await rows(world)
    assert (row.score, row.resolved, row.agent_id, row.comment) == (5, True, "ann", "Lovely")
    assert row.reasons == '["fast","Free tea"]'
    assert (row.site_id, row.visitor_id) == (world.site.id, world.vera.id)


async def test_the_last_rating_counts_however_often_the_log_is_read(world, chat):
    await world.do(guest(world.vera), GOOD, chat.id)
    await world.do(guest(world.vera), BAD, chat.id)
    for _ in range(2):
        await fed(world)
        (row,) = await rows(world)
        assert (row.score, row.resolved, row.reasons) == (2, False, '["slow"]')


async def test_a_rating_that_comes_twice_is_one(world, chat):
    state = await world.do(guest(world.vera), GOOD, chat.id)
    again = await world.do(guest(world.vera), GOOD, chat.id)
    assert again.seq == state.seq
    with pytest.raises(ClientIdConflict):
        await world.do(guest(world.vera), Rate("r-1", 1), chat.id)


async def test_only_the_visitor_rates_and_not_after_a_day(world, chat):
    other = await world.visitor("Vic")
    with pytest.raises(NotFound):
        await world.do(guest(other), GOOD, chat.id)
    world.clock.advance(86_400)
    with pytest.raises(RatingOver):
        await world.do(guest(world.vera), GOOD, chat.id)
    with pytest.raises(RatingOver):
        await world.do(staff(world.ann), AskRating(), chat.id)


async def test_agents_see_the_rating_in_the_list_the_reader_and_the_export(world, chat, ann):
    await world.do(staff(world.ann), AskRating(), chat.id)
    await world.do(guest(world.vera), GOOD, chat.id)
    await fed(world)
    (item,) = (await ann.get(PATH)).json()["items"]
    assert item["rating"] == {"score": 5, "resolved": True}
    read = (await ann.get(f"{PATH}/{chat.id}")).json()
    assert read["rating"] == item["rating"]
    asked, rated = read["facts"][-2:]
    assert (asked["kind"], asked["from"]["name"]) == ("csat.asked", "Ann")
    assert rated["rating"] == {"score": 5, "resolved": True, "reasons": ["fast", "Free tea"]}
    assert (rated["kind"], rated["text"]) == ("csat.rated", "Lovely")
    paper = (await ann.get(f"/agent/transcripts/{chat.id}/print")).text
    assert "rated the chat: 5 of 5 · resolved · fast answers · Free tea · Lovely" in paper


async def test_the_list_narrows_to_scores(world, chat, ann):
    await world.do(guest(world.vera), BAD, chat.id)
    other = await world.visitor("Bo")
    unrated = await world.open(other)
    await world.do(guest(other), SendMessage("m", "Hi"), unrated.id)
    await fed(world)
    for scores, found in (("1,2", [chat.id]), ("5", []), ("", [unrated.id, chat.id])):
        items = (await ann.get(PATH, params={"score": scores})).json()["items"]
        assert [item["conversation"] for item in items] == found
    for wrong in ("0", "6", "1,", "x", "1,2,3,4,5,1"):
        answer = await ann.get(PATH, params={"score": wrong})
        assert answer.json()["error"]["fields"] == {"score": "unknown"}


async def test_ratings_of_another_workspace_are_nobodys_business(world, chat):
    await world.do(guest(world.vera), GOOD, chat.id)
    await fed(world)
    async with world.database.read() as connection:
        assert await csat.store.find_all(connection, "rival", [chat.id]) == {}
        among = csat.store.with_scores("rival", [5])
        assert (await connection.execute(among)).all() == []
