"""A lost hint costs seconds, not a fact: the tail finds in the log what the bus did not bring."""

import asyncio

import msgspec
import pytest

from chatserver.conversation.commands import SendMessage
from chatserver.conversation.projection import for_visitor
from chatserver.errors import Unavailable
from chatserver.identity import record
from chatserver.realtime import tail
from chatserver.realtime.hints import RowHint, conversation_topic, visitor_topic
from chatserver.realtime.news import Delivery
from chatserver.realtime.tail import CHUNK, Tail
from chatserver.storage import lineage, log
from tests.support.nodes import open_node
from tests.support.play import VisitorPlay
from tests.support.replay import stored_facts
from tests.support.world import ANN, RITA, ROLF, VERA


@pytest.fixture
async def node(spine):
    async with open_node(spine) as opened:
        yield opened


def follow(node, chat):
    """Numbers of the facts that a follower of this chat is told."""
    heard = []
    node.hub.follow(conversation_topic(chat), lambda _, news: heard.append(news))
    return heard


def seqs(heard):
    return [news.fact.seq for news in heard if isinstance(news, Delivery)]


async def test_a_lost_hint_is_repaired(node):
    chat = await node.spine.open()
    await node.tail.read_once()
    heard = follow(node, chat)
    node.broker.is_down = True
    for number in range(3):
        await node.spine.say(VERA, chat, f"line {number}")
    assert heard == []
    await node.tail.read_once()
    assert seqs(heard) == [2, 3, 4]


async def test_a_session_behind_a_lossy_bus_ends_complete(node):
    """Every second hint is lost; the tail repeats what came, too: no fact twice, none missing."""
    chat = await node.spine.open()
    state = (await node.spine.say(VERA, chat)).state
    play = VisitorPlay()
    play.arrives(state)
    stored = [for_visitor(fact) for fact in await stored_facts(node.spine.database)]
    play.sees(play.session.caught_up(chat, stored))
    await node.tail.read_once()
    node.hub.follow(
        conversation_topic(chat),
        lambda _, news: play.sees(play.session.told(news)),
    )
    for number in range(10):
        node.broker.is_down = number % 2 == 1
        await node.spine.say(ANN, chat, f"line {number}", private=number % 3 == 0)
        await node.tail.read_once()
    assert play.facts == list(range(1, 1 + len(play.facts)))
    texts = [frame.get("text") for frame in play.of("fact")]
    assert [text for text in texts if text] == [f"line {n}" for n in range(10) if n % 3]


async def test_the_tail_starts_where_the_log_ends(node, spine):
    chat = await spine.open()
    async with open_node(spine) as late:
        heard = follow(late, chat)
        await late.tail.read_once()
        assert heard == []


async def test_a_tail_that_begins_waits_until_it_knows_where_the_log_ends(node, monkeypatch):
    """Nobody is let in before: else what is stored while the database does not answer, and whose
    hint is lost, would lie before the place from which the log is read on."""
    monkeypatch.setattr(tail, "BEGIN_SECONDS", 0)
    database = Silent(node.spine.database)
    late = Tail(database=database, broker=node.broker, hub=node.hub, inbox=node.inbox, seconds=3)
    beginning = asyncio.ensure_future(late.begin())  # noqa: TID251 # awaited at the end
    await database.was_asked_twice.wait()
    assert not beginning.done()
    database.answers = True
    await beginning
    chat = await node.spine.open()
    heard = follow(node, chat)
    node.broker.is_down = True
    await node.spine.say(VERA, chat)
    await late.read_once()
    assert seqs(heard) == [1, 2]


async def test_who_tails_a_log_that_begins_anew_goes_on_from_where_it_ends(node, spine, database):
    """The database came back without what was stored last: positions are given a second time."""
    called = []
    node.tail.began_anew = lambda: called.append(True)
    chat = await spine.open()
    await spine.say(VERA, chat)
    await node.tail.read_once()
    async with database.write() as connection:
        await lineage.begin_anew(connection, "another life")
    heard = follow(node, chat)
    assert not await node.tail.read_once()
    assert (called, heard) == ([True], [])
    node.broker.is_down = True
    await spine.say(VERA, chat)
    await node.tail.read_once()
    assert (called, seqs(heard)) == ([True], [3])


class Silent:
    """A database that does not answer yet."""

    def __init__(self, database):
        self._database = database
        self._asked = 0
        self.answers = False
        self.was_asked_twice = asyncio.Event()

    def read(self):
        self._asked += 1
        if self._asked > 1:
            self.was_asked_twice.set()
        if not self.answers:
            raise Unavailable("not yet")
        return self._database.read()


async def test_what_belongs_to_no_conversation_is_heeded_once_and_never_missed(node):
    """The first who should have heeded it could not: the next reading begins with it."""
    heeded = []

    async def heed(entry):
        heeded.append(msgspec.json.decode(entry.meta)["site"])
        if len(heeded) == 1:
            raise Unavailable("not now")

    node.tail.heeds["hours.changed"] = heed
    for kind, site in (("hours.changed", "shop"), ("site.changed", "shop"), ("hours.changed", "b")):
        at = node.spine.clock.now()
        fact = record.entry(kind, workspace_id="acme", by="ann", at=at, site=site)
        async with node.spine.database.write() as connection:
            await log.append(connection, [fact])
    with pytest.raises(Unavailable):
        await node.tail.read_once()
    await node.tail.read_once()
    await node.tail.read_once()
    assert heeded == ["shop", "shop", "b"]


async def test_a_fact_that_nobody_understands_keeps_no_other_from_its_readers(node):
    """A newer release writes what this one did not foresee."""
    chat = await node.spine.open()
    await node.tail.read_once()
    heard = follow(node, chat)

    async def heed(entry):
        raise msgspec.ValidationError("`site` is gone")

    node.tail.heeds["hours.changed"] = heed
    at = node.spine.clock.now()
    fact = record.entry("hours.changed", workspace_id="acme", by="ann", at=at, place="shop")
    async with node.spine.database.write() as connection:
        await log.append(connection, [fact])
    node.broker.is_down = True
    await node.spine.say(VERA, chat)
    await node.tail.read_once()
    assert seqs(heard) == [2]


async def test_a_long_gap_is_read_in_pieces(node):
    chat = await node.spine.open()
    heard = follow(node, chat)
    node.broker.is_down = True
    for number in range(CHUNK):
        node.spine.submit(VERA, chat, SendMessage(f"early-{number}", "Hi"))
    await node.spine.say(VERA, chat, "last")
    assert await node.tail.read_once()
    while await node.tail.read_once():
        pass
    assert seqs(heard)[-1] == CHUNK + 2


async def test_each_workspace_is_told_of_its_own_alone(node):
    here, there = await node.spine.open(VERA), await node.spine.open(ROLF)
    await node.tail.read_once()
    heard = follow(node, here)
    node.broker.is_down = True
    await node.spine.say(RITA, there, "elsewhere")
    await node.tail.read_once()
    assert heard == []


async def test_a_conversation_begun_in_another_tab_is_found_although_its_hint_was_lost(node):
    heard = []
    node.hub.follow(visitor_topic("vera"), lambda _, news: heard.append(news))
    node.broker.is_down = True
    chat = await node.spine.open()
    await node.tail.read_once()
    assert heard == [RowHint(chat)]


async def test_doubt_is_answered_by_reading_at_once(node):
    """The interval of this tail is longer than the test may take."""
    chat = await node.spine.open()
    patient = node.slow_tail()
    await patient.begin()
    told = asyncio.Event()
    node.hub.follow(conversation_topic(chat), lambda _, news: told.set())
    node.broker.is_down = True
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(patient.run())
        await node.spine.say(VERA, chat)
        node.broker.doubt.set()
        async with asyncio.timeout(10):
            await told.wait()
        running.cancel()
