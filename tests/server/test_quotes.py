"""Answering one message among many: each side quotes, and is shown, its own numbers."""

import asyncio

import pytest

from chatserver.conversation.projection import for_agent, for_visitor
from chatserver.errors import QuoteGone, Rejected
from tests.support.replay import check_rows_equal_replay, stored_facts
from tests.support.running import run_service
from tests.support.sockets import open_chat, open_visitor, site_key
from tests.support.world import ANN, VERA, VIC


@pytest.fixture
async def chat(spine):
    """1 opened, 2 vera, 3 assigned to ann, 4 a note of ann, 5 ann; to vera ann's message is 4."""
    chat = await spine.open()
    await spine.say(VERA, chat, "Which tea?")
    await spine.take(ANN, chat)
    await spine.say(ANN, chat, "likes it strong", private=True)
    await spine.say(ANN, chat, "The green one")
    return chat


async def test_each_side_quotes_and_is_shown_the_quote_in_its_own_numbers(spine, chat, database):
    by_vera = (await spine.say(VERA, chat, "And this?", quote=4)).fact
    assert (for_visitor(by_vera).quote, for_agent(by_vera).quote) == (4, 5)
    by_ann = (await spine.say(ANN, chat, "Strong", quote=by_vera.seq)).fact
    assert (for_visitor(by_ann).quote, for_agent(by_ann).quote) == (5, 6)
    await check_rows_equal_replay(database)


async def test_a_message_without_a_quote_says_nothing_of_one(spine, chat):
    fact = (await spine.say(VERA, chat, "Hello")).fact
    assert (for_visitor(fact).quote, for_agent(fact).quote) == (None, None)


@pytest.mark.parametrize(
    "number", [0, 1, 3, 5, 99], ids=["zero", "opened", "taken", "agents", "none"]
)
async def test_a_visitor_quotes_visible_messages_and_nothing_else(spine, chat, database, number):
    before = len(await stored_facts(database))
    with pytest.raises(QuoteGone):
        await spine.say(VERA, chat, "?", quote=number)
    assert len(await stored_facts(database)) == before


async def test_nobody_quotes_out_of_another_chat(spine, chat):
    other = await spine.open(VIC)
    with pytest.raises(QuoteGone):
        await spine.say(VIC, other, "?", quote=4)
    with pytest.raises(QuoteGone):
        await spine.say(ANN, other, "?", quote=5)


async def test_a_note_is_quoted_in_notes_alone(spine, chat):
    with pytest.raises(Rejected):
        await spine.say(ANN, chat, "See above", quote=4)
    note = (await spine.say(ANN, chat, "Right", private=True, quote=4)).fact
    assert (for_visitor(note), for_agent(note).quote) == (None, 4)


async def test_one_wrong_quote_hurts_nobody_else_in_its_batch(spine, chat):
    results = await asyncio.gather(
        spine.say(VERA, chat, "a", quote=99),
        spine.say(VERA, chat, "b", quote=4),
        spine.say(ANN, chat, "c", quote=5),
        return_exceptions=True,
    )
    assert isinstance(results[0], QuoteGone)
    assert [result.fact.event.quote.seq for result in results[1:]] == [5, 5]


async def test_a_repeat_is_recognised_with_and_without_what_it_quoted(spine, chat):
    first = await spine.say(VERA, chat, "This?", client_id="c1", quote=4)
    for quote in (4, None):
        again = await spine.say(VERA, chat, "This?", client_id="c1", quote=quote)
        assert (again.duplicate, again.fact.seq) == (True, first.fact.seq)
        assert again.fact.event.quote == first.fact.event.quote


async def test_a_quote_travels_and_a_wrong_one_is_a_typed_error(tmp_path_factory):
    with run_service(tmp_path_factory.mktemp("quotes")) as service:
        async with open_visitor(service, await site_key(service)) as vera:
            send = {"t": "send", "conversation": await open_chat(vera), "text": "Hello"}
            seq = (await vera.ask({**send, "client_id": "a"}))["ok"]["seq"]
            await vera.ask({**send, "client_id": "b", "quote": seq})
            while vera.facts[-1].get("client_id") != "b":
                await vera.read()
            assert vera.facts[-1]["quote"] == seq
            refused = await vera.ask({**send, "client_id": "c", "quote": 50})
            assert refused["error"]["code"] == "quote_gone"
