"""What the service promises of conversations, on every engine."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chatserver.conversation import fact_store, store
from chatserver.conversation.commands import Assign, Close, MarkRead, Open, Reopen, SendMessage
from chatserver.conversation.model import Phase
from chatserver.conversation.service import QUEUE_LIMIT, Conversations
from chatserver.conversation.transitions import Rules
from chatserver.errors import (
    ChatError,
    Conflict,
    ConversationEnded,
    NotFound,
    Rejected,
    Unavailable,
)
from tests.support.clock import FakeClock
from tests.support.replay import stored_facts, stored_rows
from tests.support.world import ANN, BOB, RITA, ROLF, VERA, VIC, CountingIds, open_spine


async def outcomes(*waiting):
    return await asyncio.gather(*waiting, return_exceptions=True)


def codes(results):
    return [result.code if isinstance(result, ChatError) else "ok" for result in results]


# Opening


async def test_two_tabs_that_open_at_once_get_one_conversation(spine):
    command = Open("shop", "vera")
    first, second = await asyncio.gather(
        spine.submit(VERA, "", command), spine.submit(VERA, "", command)
    )
    assert first.state.id == second.state.id
    assert (first.duplicate, second.duplicate) == (False, True)


async def test_each_visitor_has_a_conversation_of_their_own(spine):
    assert await spine.open(VERA) != await spine.open(VIC)


async def test_opening_again_continues_the_open_conversation(spine):
    chat = await spine.open()
    await spine.say(VERA, chat)
    assert await spine.open() == chat


async def test_opening_continues_a_chat_that_closed_today(spine, clock):
    chat = await spine.open()
    await spine.close(ANN, chat)
    clock.advance(hours=24)
    assert await spine.open() == chat


async def test_opening_later_starts_a_new_conversation(spine, clock):
    chat = await spine.open()
    await spine.close(ANN, chat)
    clock.advance(hours=24, seconds=1)
    assert await spine.open() != chat


async def test_opening_and_writing_in_one_batch_both_happen(spine):
    chat = await spine.open()
    opened, sent = await asyncio.gather(
        spine.submit(VERA, "", Open("shop", "vera")), spine.say(VERA, chat)
    )
    assert (opened.state.id, sent.fact.seq) == (chat, 2)


# Writing


async def test_messages_get_the_next_numbers_in_the_order_they_were_sent(spine):
    chat = await spine.open()
    sent = await asyncio.gather(*(spine.say(VERA, chat, f"line {n}") for n in range(50)))
    assert [outcome.fact.seq for outcome in sent] == list(range(2, 52))
    assert [outcome.fact.body.text for outcome in sent] == [f"line {n}" for n in range(50)]


async def test_what_was_answered_is_stored(spine, database):
    chat = await spine.open()
    outcome = await spine.say(VERA, chat, "Is it in stock?")
    (_, stored) = await stored_facts(database)
    assert stored == outcome.fact
    row = (await stored_rows(database))[chat]
    assert replace(row, revision=outcome.state.revision) == outcome.state


async def test_the_commit_is_announced_before_it_is_answered_and_in_log_order(spine):
    chat = await spine.open()
    outcome = await spine.say(ANN, chat)
    facts = [fact for commit in spine.commits for fact in commit.facts]
    assert facts[-1] == outcome.fact
    assert [fact.position for fact in facts] == list(range(1, 4))


async def test_a_closed_conversation_reopens_when_the_visitor_writes(spine, clock):
    chat = await spine.open()
    await spine.take(ANN, chat)
    await spine.close(ANN, chat)
    clock.advance(hours=23)
    outcome = await spine.say(VERA, chat)
    assert (outcome.state.phase, outcome.state.assignee_id) == (Phase.ACTIVE, "ann")


async def test_a_chat_that_ended_long_ago_takes_no_message(spine, clock):
    chat = await spine.open()
    await spine.close(ANN, chat)
    clock.advance(hours=25)
    with pytest.raises(ConversationEnded):
        await spine.say(VERA, chat)


async def test_of_two_agents_who_take_at_once_the_slower_is_told(spine):
    chat = await spine.open()
    results = await outcomes(
        spine.submit(ANN, chat, Assign("ann", "Ann", 1)),
        spine.submit(BOB, chat, Assign("bob", "Bob", 1)),
    )
    assert codes(results) == ["ok", "conflict"]


# Refusals


async def test_a_rejected_command_writes_nothing_and_fails_alone(spine, database):
    chat = await spine.open()
    results = await outcomes(
        spine.say(VERA, chat, "one"),
        spine.say(VERA, chat, "a note", private=True),
        spine.submit(ANN, chat, Assign("ann", "Ann", 0)),
        spine.say(ANN, "nowhere"),
        spine.say(VERA, chat, "two"),
    )
    assert codes(results) == ["ok", "rejected", "conflict", "not_found", "ok"]
    texts = [fact.body.text for fact in await stored_facts(database) if fact.body]
    assert texts == [None, "one", "two"]


@pytest.mark.parametrize("actor", [RITA, ROLF])
@pytest.mark.parametrize(
    "command", [SendMessage("m", "Hi"), Close("agent"), MarkRead(1), Assign("rita"), Reopen()]
)
async def test_a_conversation_of_another_workspace_does_not_exist(spine, database, actor, command):
    chat = await spine.open(VERA)
    with pytest.raises(NotFound):
        await spine.submit(actor, chat, command)
    assert len(await stored_facts(database)) == 1


async def test_one_batch_serves_two_workspaces_and_mixes_nothing(spine):
    chats = await asyncio.gather(spine.open(VERA), spine.open(ROLF))
    sent = await outcomes(
        spine.say(VERA, chats[0]), spine.say(ROLF, chats[1]), spine.say(ROLF, chats[0])
    )
    assert codes(sent) == ["ok", "ok", "not_found"]
    assert sent[0].state.workspace_id == "acme"
    assert sent[1].state.workspace_id == "rival"


async def test_a_full_queue_takes_no_more(database, clock):
    idle = Conversations(
        database=database, clock=clock, ids=CountingIds(), rules=Rules(), announce=lambda _: None
    )
    async with open_spine(database, clock) as spine:
        request = spine.request(VERA, "c", SendMessage("m", "Hi"))
    waiting = [idle.submit(request) for _ in range(QUEUE_LIMIT)]
    with pytest.raises(Unavailable) as caught:
        idle.submit(request)
    assert caught.value.temporary
    assert caught.value.retry_after
    for future in waiting:
        future.cancel()


async def test_a_batch_that_breaks_a_constraint_harms_only_the_culprit(spine, database):
    """An opening in a workspace that does not exist breaks a foreign key."""
    chat = await spine.open()
    broken = replace(spine.request(VIC, "", Open("shop", "vic")), workspace_id="nowhere")
    results = await outcomes(
        spine.say(VERA, chat, "one"),
        spine.conversations.submit(broken),
        spine.say(VERA, chat, "two"),
    )
    assert [isinstance(result, ChatError) for result in results] == [False, True, False]
    assert [fact.seq for fact in await stored_facts(database)] == [1, 2, 3]


async def test_a_listener_that_fails_leaves_nobody_without_an_answer(spine, database):
    chat = await spine.open()
    faults = [ZeroDivisionError(), ZeroDivisionError()]

    def fails(commit):
        if commit.facts and faults:
            raise faults.pop()

    spine.told.insert(0, fails)
    broken = replace(spine.request(VIC, "", Open("shop", "vic")), workspace_id="nowhere")
    results = await outcomes(
        spine.conversations.submit(broken),
        *(spine.submit(VERA, chat, SendMessage(word, word)) for word in ("one", "two", "three")),
    )
    assert codes(results) == ["unavailable", "ok", "ok", "ok"]
    assert [fact.seq for fact in await stored_facts(database)] == [1, 2, 3, 4]


async def test_a_fault_of_ours_is_answered_and_the_next_batch_goes_on(database):
    clock = BrokenClock()
    async with open_spine(database, clock) as spine:
        chat = await spine.open()
        clock.is_broken = True
        results = await outcomes(spine.say(VERA, chat), spine.say(ANN, chat))
        assert codes(results) == ["internal", "internal"]
        clock.is_broken = False
        assert (await spine.say(VERA, chat)).fact.seq == 2


class BrokenClock(FakeClock):
    is_broken = False

    def now(self):
        if self.is_broken:
            raise OverflowError
        return super().now()


async def test_an_answer_knows_its_place_in_the_log(spine, database):
    chat = await spine.open()
    sent = await asyncio.gather(
        spine.say(VERA, chat, "one", client_id="same"),
        spine.say(VERA, chat, "one", client_id="same"),
        spine.say(ANN, chat, "two"),
    )
    stored = {fact.client_id: fact for fact in await stored_facts(database) if fact.client_id}
    assert all(outcome.fact == stored[outcome.fact.client_id] for outcome in sent)


async def test_an_agent_cannot_reopen_an_old_chat_beside_the_visitors_new_one(spine, clock):
    old = await spine.open()
    await spine.close(ANN, old)
    clock.advance(hours=48)
    assert await spine.open() != old
    with pytest.raises(Rejected) as caught:
        await spine.reopen(ANN, old)
    assert not caught.value.temporary


async def test_an_old_chat_that_an_agent_reopened_is_the_visitors_again(spine, clock):
    old = await spine.open()
    await spine.close(ANN, old)
    clock.advance(hours=25)
    new = await spine.open()
    await spine.close(ANN, new)
    await spine.reopen(ANN, old)
    assert await spine.open() == old
    with pytest.raises(ConversationEnded):  # a tab that knows only the other asks for this one
        await spine.say(VERA, new)
    await spine.say(VERA, old)


async def test_whoever_stops_waiting_harms_nobody(spine, database):
    chat = await spine.open()
    gone = spine.submit(VERA, chat, SendMessage("gone", "Hi"))
    gone.cancel()
    await spine.say(VERA, chat, "still here")
    assert len(await stored_facts(database)) == 3


async def test_a_page_of_history_is_in_the_numbers_of_its_audience(spine, database):
    chat = await spine.open()
    for number in range(6):
        await spine.say(ANN, chat, f"line {number}", private=number % 2 == 0)
    async with database.read() as connection:
        key = (connection, "acme", chat)
        agents = await fact_store.list_facts(*key, before=6, limit=2)
        visitors = await fact_store.list_visitor_facts(*key, before=4, limit=2)
        foreign = await fact_store.list_facts(connection, "rival", chat)
        latest = await store.load(connection, "acme", [chat])
    assert [fact.seq for fact in agents] == [4, 5]
    assert [fact.visitor_seq for fact in visitors] == [2, 3]
    assert foreign == []
    assert latest[chat].seq == 8


async def test_time_comes_from_the_clock(spine, clock):
    began = clock.now()
    chat = await spine.open()
    clock.advance(minutes=5)
    outcome = await spine.say(VERA, chat)
    assert outcome.fact.at - began == timedelta(minutes=5)


async def test_who_saw_an_older_state_is_told_of_the_conflict(spine):
    chat = await spine.open()
    seen = (await spine.take(ANN, chat)).state.seq
    await spine.submit(ANN, chat, Assign("bob", "Bob", seen))
    with pytest.raises(Conflict):
        await spine.submit(ANN, chat, Close("agent", seen))
