"""What is said twice happens once: a message by its `client_id`, a command by its cause."""

import asyncio

import pytest

from chatserver.conversation.commands import Close, SendMessage
from chatserver.conversation.model import Phase
from chatserver.errors import (
    ChatError,
    ClientIdConflict,
)
from tests.support.replay import stored_facts
from tests.support.world import ANN, VERA, VIC, open_spine


async def outcomes(*waiting):
    return await asyncio.gather(*waiting, return_exceptions=True)


def codes(results):
    return [result.code if isinstance(result, ChatError) else "ok" for result in results]


async def test_a_resent_message_has_one_seq_and_gets_the_first_answer(spine, database):
    chat = await spine.open()
    first = await spine.say(VERA, chat, "Hi", client_id="m")
    await spine.say(ANN, chat, "Hello")
    again = await spine.say(VERA, chat, "Hi", client_id="m")
    assert again.duplicate
    assert again.fact == first.fact
    assert len(await stored_facts(database)) == 4


async def test_a_message_resent_within_one_batch_has_one_seq(spine, database):
    chat = await spine.open()
    sent = await asyncio.gather(*(spine.say(VERA, chat, "Hi", client_id="m") for _ in range(5)))
    assert {outcome.fact.seq for outcome in sent} == {2}
    assert [outcome.duplicate for outcome in sent] == [False] + [True] * 4
    assert len(await stored_facts(database)) == 2


async def test_a_message_resent_into_the_next_conversation_is_stored_once(spine, database, clock):
    """The laptop slept before the answer came; two days later the visitor goes on in a new chat."""
    chat = await spine.open()
    first = await spine.say(VERA, chat, "Hello?", client_id="m-1")
    await spine.close(ANN, chat)
    clock.advance(hours=48)
    later = await spine.open()
    again = await spine.say(VERA, later, "Hello?", client_id="m-1")
    assert (again.duplicate, again.fact) == (True, first.fact)
    messages = [fact for fact in await stored_facts(database) if fact.client_id]
    assert [fact.conversation_id for fact in messages] == [chat]


async def test_another_visitor_may_use_the_same_client_id(spine):
    hers, his = await spine.open(VERA), await spine.open(VIC)
    await spine.say(VERA, hers, client_id="m-1")
    assert not (await spine.say(VIC, his, client_id="m-1")).duplicate


async def test_a_message_resent_after_a_restart_has_one_seq(database, clock):
    async with open_spine(database, clock) as before:
        chat = await before.open()
        first = await before.say(VERA, chat, "Hi", client_id="m")
    async with open_spine(database, clock) as after:
        again = await after.say(VERA, chat, "Hi", client_id="m")
    assert again.duplicate
    assert again.fact == first.fact


async def test_a_resend_to_a_chat_that_closed_meanwhile_is_still_answered(spine, clock):
    chat = await spine.open()
    first = await spine.say(VERA, chat, "Hi", client_id="m")
    await spine.close(ANN, chat)
    clock.advance(hours=48)
    again = await spine.say(VERA, chat, "Hi", client_id="m")
    assert again.fact == first.fact
    assert again.state.phase is Phase.CLOSED


@pytest.mark.parametrize("changed", [SendMessage("m", "Bye"), SendMessage("m", "Hi", private=True)])
async def test_one_client_id_cannot_name_two_messages(spine, changed):
    chat = await spine.open()
    await spine.say(ANN, chat, "Hi", client_id="m")
    with pytest.raises(ClientIdConflict):
        await spine.submit(ANN, chat, changed)


async def test_a_client_id_belongs_to_its_author_and_conversation(spine):
    chat, other = await spine.open(VERA), await spine.open(VIC)
    sent = [
        await spine.say(VERA, chat, "Hi", client_id="m"),
        await spine.say(ANN, chat, "Hello", client_id="m"),
        await spine.say(VIC, other, "Hey", client_id="m"),
    ]
    assert not any(outcome.duplicate for outcome in sent)


# Causes


async def test_the_same_cause_acts_once(spine, database):
    chat = await spine.open()
    first = await spine.submit(ANN, chat, Close("agent"), cause="idle:1")
    await spine.reopen(ANN, chat)
    again = await spine.submit(ANN, chat, Close("agent"), cause="idle:1")
    assert (first.duplicate, again.duplicate) == (False, True)
    assert again.state.phase is Phase.QUEUED


async def test_the_same_cause_acts_once_within_a_batch_too(spine, database):
    chat = await spine.open()
    commands = [SendMessage(f"m-{number}", "Are you still there?") for number in range(3)]
    await asyncio.gather(*(spine.submit(ANN, chat, one, cause="idle:1") for one in commands))
    assert len(await stored_facts(database)) == 3  # opened, assigned, and one message


async def test_one_cause_may_act_on_many_conversations(spine):
    chats = [await spine.open(VERA), await spine.open(VIC)]
    done = [await spine.submit(ANN, chat, Close("agent"), cause="all:1") for chat in chats]
    assert [outcome.duplicate for outcome in done] == [False, False]
