"""The inbox of a workspace: every change reaches every console, whatever hint is lost."""

import asyncio

import pytest
from msgspec.structs import replace

from chatserver.conversation.commands import SendMessage
from chatserver.realtime import rows as rows_module
from chatserver.realtime.hints import VisitorHint, encode, workspace_topic
from tests.support.nodes import open_node
from tests.support.world import ANN, RITA, ROLF, VERA, VIC


@pytest.fixture
async def node(spine):
    async with open_node(spine) as opened:
        yield opened


class Console:
    """What one agent's console is told."""

    def __init__(self, node, workspace_id="acme"):
        self.rows = {}
        self.position = 0
        self.visitors = []
        self._news = asyncio.Event()
        self._node, self._workspace_id = node, workspace_id

    async def open(self):
        """Joins, then reads what is there, as the desk does."""
        rows = await self._node.rows.since(self._workspace_id, None)
        self.leave = self._node.inbox.join(self._workspace_id, self, rows.position)
        self.rows_changed(await self._node.rows.since(self._workspace_id, None))
        return self

    def rows_changed(self, rows):
        for news in rows.rows:
            self.rows[news.row.conversation] = news.row
        assert rows.position >= self.position
        self.position = rows.position
        self._news.set()

    def visitor_changed(self, visitor):
        self.visitors.append(visitor)
        self._news.set()

    async def until(self, is_there):
        async with asyncio.timeout(5):
            while not is_there(self):
                self._news.clear()
                await self._news.wait()


def last_text(chat, text):
    def is_there(console):
        row = console.rows.get(chat)
        return row is not None and row.last is not None and row.last.text == text

    return is_there


async def test_a_new_chat_appears_with_its_visitor_site_and_last_words(node):
    console = await Console(node).open()
    chat = await node.spine.open()
    await node.spine.say(VERA, chat, "Is it in stock?")
    await console.until(last_text(chat, "Is it in stock?"))
    row = console.rows[chat]
    assert (row.visitor.name, row.site.name, row.phase) == ("Vera", "Shop", "queued")
    assert (row.seq, row.assignee, row.gone) == (2, None, False)
    assert row.waiting_since


async def test_a_taken_chat_names_its_agent_and_a_closed_one_is_gone(node):
    console = await Console(node).open()
    chat = await node.spine.open()
    await node.spine.take(ANN, chat)
    await console.until(lambda one: chat in one.rows and one.rows[chat].assignee)
    assert console.rows[chat].assignee.name == "Ann"
    await node.spine.close(ANN, chat)
    await console.until(lambda one: one.rows[chat].gone)


async def test_a_chat_whose_hint_was_lost_comes_with_the_next_one(node):
    """The cursor moves with every frame: a row it passes by would be lost to every resume."""
    console = await Console(node).open()
    node.broker.is_down = True
    lost = await node.spine.open(VERA)
    node.broker.is_down = False
    seen = await node.spine.open(VIC)
    await console.until(lambda one: seen in one.rows)
    assert lost in console.rows


async def test_a_lost_hint_is_repaired_by_the_tail(node):
    console = await Console(node).open()
    node.broker.is_down = True
    chat = await node.spine.open()
    assert console.rows == {}
    await node.tail.read_once()
    await console.until(lambda one: chat in one.rows)


async def test_the_tail_brings_nothing_that_was_told_already(node):
    console = await Console(node).open()
    chat = await node.spine.open()
    await console.until(lambda one: chat in one.rows)
    console.rows.clear()
    await node.tail.read_once()
    other = await node.spine.open(VIC)
    await console.until(lambda one: other in one.rows)
    assert chat not in console.rows


async def test_a_console_of_another_workspace_is_told_nothing(node):
    acme, rival = await Console(node).open(), await Console(node, "rival").open()
    chat, foreign = await node.spine.open(VERA), await node.spine.open(ROLF)
    await node.spine.say(RITA, foreign, "ours")
    await rival.until(last_text(foreign, "ours"))
    await acme.until(lambda one: chat in one.rows)
    assert set(acme.rows) == {chat}
    assert set(rival.rows) == {foreign}


async def test_who_left_is_told_nothing(node):
    console, other = await Console(node).open(), await Console(node).open()
    console.leave()
    chat = await node.spine.open()
    await other.until(lambda one: chat in one.rows)
    assert console.rows == {}


async def test_a_visitor_who_comes_is_shown(node):
    console = await Console(node).open()
    node.broker.publish(workspace_topic("acme"), encode(VisitorHint("vera")))
    await console.until(lambda one: one.visitors)
    assert (console.visitors[0].id, console.visitors[0].name) == ("vera", "Vera")


# Reading rows


async def test_a_resume_brings_what_changed_in_order_with_what_is_gone(node):
    first, second = await node.spine.open(VERA), await node.spine.open(VIC)
    position = (await node.rows.since("acme", None)).position
    await node.spine.close(ANN, second)
    await node.spine.say(VERA, first)
    rows = await node.rows.since("acme", position)
    assert [(news.row.conversation, news.row.gone) for news in rows.rows] == [
        (second, True),
        (first, False),
    ]
    assert not rows.restart


async def test_a_fresh_inbox_shows_what_is_open_longest_waiting_first(node, clock):
    first = await node.spine.open(VERA)
    clock.advance(minutes=1)
    second = await node.spine.open(VIC)
    assert [news.row.conversation for news in (await node.rows.since("acme", None)).rows] == [
        first,
        second,
    ]
    await node.spine.close(ANN, first)
    assert [news.row.conversation for news in (await node.rows.since("acme", None)).rows] == [
        second
    ]


async def test_too_many_changes_are_a_restart_or_come_in_pieces(node, monkeypatch):
    """The limits made small, so that two chats are too many."""
    monkeypatch.setattr(rows_module, "MAX_CHANGES", 1)
    first, second = await node.spine.open(VERA), await node.spine.open(VIC)
    resumed = await node.rows.since("acme", 0)
    assert resumed.restart
    assert len(resumed.rows) == 2
    piece = await node.rows.behind("acme", 0)
    rest = await node.rows.behind("acme", piece.position)
    assert [news.row.conversation for news in (*piece.rows, *rest.rows)] == [first, second]
    assert (piece.more, rest.more) == (True, True)
    end = await node.rows.behind("acme", rest.position)
    assert (end.rows, end.more) == ([], False)


async def test_the_preview_is_cut_and_a_note_is_marked_in_it(node):
    chat = await node.spine.open()
    await node.spine.submit(ANN, chat, SendMessage("m", "x" * 400, private=True))
    (news,) = (await node.rows.since("acme", None)).rows
    assert (len(news.row.last.text), news.row.last.private) == (160, True)


async def test_a_snapshot_and_its_changes_equal_a_fresh_snapshot(node):
    """Whatever was missed in between."""
    console = await Console(node).open()
    chats = [await node.spine.open(VERA), await node.spine.open(VIC)]
    for number in range(12):
        node.broker.is_down = number % 3 == 1
        chat = chats[number % 2]
        await node.spine.say(ANN if number % 5 else VERA if chat == chats[0] else VIC, chat)
    node.broker.is_down = False
    await node.tail.read_once()
    fresh = await node.rows.since("acme", None)
    await console.until(lambda one: one.position == fresh.position)
    assert console.rows == {
        news.row.conversation: replace(news.row, unread=0) for news in fresh.rows
    }
