"""A newer release has stored what this one does not know, and was taken back: the fact keeps its
numbers, says nothing, and stops nobody. On every engine; each test's rows must equal their replay.
"""

from zoneinfo import ZoneInfo

import msgspec
import pytest

from chatserver.calendar import always
from chatserver.conversation import fact_store
from chatserver.conversation.commands import SendMessage
from chatserver.conversation.events import MessageSent, Unknown
from chatserver.conversation.model import AuthorKind
from chatserver.conversation.projection import for_agent, for_visitor
from chatserver.features import csat, replytime
from chatserver.features.export import store
from chatserver.features.transcripts.routes import PAPER
from chatserver.protocol.codec import encode
from chatserver.realtime.hints import FactsHint, conversation_topic, decode
from chatserver.realtime.hints import encode as encode_hint
from chatserver.realtime.news import Delivery
from chatserver.runner import Runner
from tests.support.newer import BODY, CANARY, KIND, META, plant
from tests.support.nodes import open_node
from tests.support.slices import guest, open_world, staff
from tests.support.transcribing import transcripts_of
from tests.support.world import ANN, VERA, CountingIds


async def told(spine, *, for_visitors=True):
    """A chat of four facts, of which the third is from the future."""
    chat = await spine.open()
    await spine.say(VERA, chat, "before")
    await plant(spine.database, chat, at=spine.clock.now(), for_visitors=for_visitors)
    await spine.say(VERA, chat, "after")
    return chat


async def test_both_sides_count_it_and_read_nothing_of_it(spine):
    chat = await told(spine)
    async with spine.database.read() as connection:
        for_staff = await fact_store.list_facts(connection, "acme", chat)
        for_guests = await fact_store.list_visitor_facts(connection, "acme", chat, before=99)
    agents = [for_agent(fact, "ann") for fact in for_staff]
    visitors = [for_visitor(fact) for fact in for_guests]
    for frames in (agents, visitors):
        assert [frame.seq for frame in frames] == [1, 2, 3, 4]
        assert frames[2].kind == "unknown"
        assert frames[2].author.kind == "system"
        assert CANARY.encode() not in encode(frames[2])
    assert [frame.text for frame in visitors] == [None, "before", None, "after"]


async def test_what_was_not_for_visitors_leaves_no_hole_in_their_numbers(spine):
    chat = await told(spine, for_visitors=False)
    async with spine.database.read() as connection:
        facts = await fact_store.list_facts(connection, "acme", chat)
    assert [fact.visitor_seq for fact in facts] == [1, 2, None, 3]
    assert facts[2].event == Unknown(is_for_visitors=False)
    assert for_visitor(facts[2]) is None


async def test_the_chat_goes_on_behind_it(spine):
    chat = await told(spine)
    again = await spine.say(VERA, chat, "again", client_id="m")
    assert (await spine.say(VERA, chat, "again", client_id="m")).fact == again.fact
    assert (await spine.take(ANN, chat)).state.seq == 6
    assert (await spine.close(ANN, chat)).state.visitor_seq == 7


async def test_who_missed_it_is_told_by_the_tail(spine):
    async with open_node(spine) as node:
        chat = await spine.open()
        await node.tail.read_once()
        heard = []
        node.hub.follow(conversation_topic(chat), lambda _, news: heard.append(news))
        await plant(spine.database, chat, at=spine.clock.now())
        await node.tail.read_once()
        rows = await node.rows.since("acme", None)
    assert [news.fact.seq for news in heard if isinstance(news, Delivery)] == [2]
    assert msgspec.json.decode(heard[0].visitor_frame())["kind"] == "unknown"
    assert [news.row.seq for news in rows.rows] == [2]


async def test_a_neighbour_of_the_newer_release_is_understood(spine):
    """It tells of a message and of what we do not know, in one breath."""
    chat = await spine.open()
    said = (await spine.say(VERA, chat, "Hi")).fact
    newer = msgspec.json.decode(encode_hint(FactsHint([said, said])))
    newer["facts"][1] |= {"event": msgspec.json.decode(META), "body": msgspec.json.decode(BODY)}
    newer["facts"][1]["author"]["kind"] = "robot"
    first, second = decode(msgspec.json.encode(newer)).facts
    assert first == said
    assert (second.event, second.body) == (Unknown(is_for_visitors=True), None)
    assert (second.seq, second.author.kind) == (said.seq, AuthorKind.SYSTEM)


@pytest.mark.parametrize("fact", ["{}", '{"author":{},"event":{}}', '{"author":3,"event":[]}', "7"])
def test_a_hint_of_no_release_is_refused_as_before(fact):
    with pytest.raises(msgspec.MsgspecError):
        decode(f'{{"type":"facts","facts":[{fact}]}}'.encode())


async def test_a_message_of_somebody_new_is_read_as_the_systems(spine):
    chat = await spine.open()
    said = (await spine.say(VERA, chat, "Hi")).fact
    newer = msgspec.json.decode(encode_hint(FactsHint([said])))
    newer["facts"][0]["author"]["kind"] = "robot"
    (found,) = decode(msgspec.json.encode(newer)).facts
    assert isinstance(found.event, MessageSent)
    assert (found.author.kind, found.body.text) == (AuthorKind.SYSTEM, "Hi")


# What reads a chat as a whole


@pytest.fixture
async def world(database, clock):
    return await open_world(database, clock)


@pytest.fixture
def feature(world):
    return transcripts_of(world)


@pytest.fixture
async def chat(world):
    state = await world.open()
    await world.do(guest(world.vera), SendMessage("m-1", "before"), state.id)
    await plant(world.database, state.id, at=world.clock.now())
    await world.do(staff(world.ann), SendMessage("m-2", "after"), state.id)
    return state.id


async def test_transcripts_leave_it_out(world, feature, chat):
    await world.feed(feature)
    async with world.browser([feature], world.ann) as ann:
        paths = (f"/api/transcripts/{chat}", f"/api/transcripts/{chat}/text", PAPER.format(id=chat))
        shown = [await ann.get(path) for path in paths]
    async with world.database.write() as connection:
        token = await world.identity.visitors.admit(connection, "acme", "vera")
    async with world.browser([feature], None) as vera:
        vera.headers["Authorization"] = f"Bearer {token}"
        path = f"/visitor/conversations/{chat}"
        shown += [await vera.get(f"{path}{end}") for end in ("", "/text", "/page")]
    for answer in shown:
        assert answer.status_code == 200, answer.text
        assert ("before" in answer.text, "after" in answer.text) == (True, True)
        assert CANARY not in answer.text
        assert "transcript.event" not in answer.text
    for page in (shown[2].text, shown[5].text):
        assert page.count("<li ") == 4  # opened, asked, taken, answered


async def test_the_work_behind_the_log_goes_past_it(world, feature, chat):
    """The real slices; the message behind it is read too."""

    async def calendar_of(_connection, _workspace_id, _site_id):
        return always(ZoneInfo("UTC"))

    slices = [feature, csat.build(), replytime.build(calendar_of=calendar_of)]
    ids = CountingIds("node")
    runner = Runner(database=world.database, clock=world.clock, ids=ids, features=slices)
    while await runner.run_once():
        pass
    assert (runner.lag, runner.failures) == (0, {})
    async with world.browser([feature], world.ann) as ann:
        (card,) = (await ann.get("/api/transcripts")).json()["items"]
    assert card["messages"] == 2


async def test_an_export_holds_it_as_it_was_written(world, chat):
    table = next(table for table in store.tables() if table.name == "facts")
    async with world.database.read() as connection:
        rows = [row async for row in store.rows(connection, table, "acme")]
    assert [(row["meta"], row["body"]) for row in rows if row["kind"] == KIND] == [(META, BODY)]
