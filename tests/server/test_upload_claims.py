"""Messages take uploaded files along: the author's own, each once, with the fact or not at all."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from chatserver.conversation import fact_store
from chatserver.conversation.commands import SendMessage
from chatserver.conversation.facts import File
from chatserver.conversation.files import StoredFile
from chatserver.conversation.model import Phase
from chatserver.conversation.projection import for_agent, for_visitor
from chatserver.conversation.transitions import fold
from chatserver.errors import ClientIdConflict, FileGone, Rejected
from chatserver.features.uploads import store
from chatserver.features.uploads.model import Principal
from chatserver.storage.schema import facts
from tests.support.replay import stored_facts
from tests.support.tenancy import EXEMPT
from tests.support.world import ANN, BOB, RITA, ROLF, VERA, VIC, WORKSPACE_OF, open_spine


async def upload(spine, actor, name="cup.png", **changes):
    """A file of somebody's that is there and was not sent; its id is its name."""
    file = StoredFile(
        id=f"id-of-{name}",
        workspace_id=WORKSPACE_OF[actor.id],
        author_kind=actor.kind.value,
        author_id=actor.id,
        upload_id=name,
        name=name,
        type="image/png",
        bytes=7,
        preview_bytes=3,
        created_at=spine.clock.now(),
        width=4,
        height=2,
    )
    async with spine.database.write() as connection:
        await store.add(connection, replace(file, **changes))
    return file.id


async def stored(spine, *ids, workspace_id="acme"):
    async with spine.database.read() as connection:
        found = await store.find(connection, workspace_id, ids)
    return {placed.file.id: placed.file for placed in found}


def carry(spine, actor, conversation, *files, text="", client_id="m", private=False):
    return spine.submit(actor, conversation, SendMessage(client_id, text, private, files))


async def test_a_message_takes_its_files_along(spine):
    chat = await spine.open()
    first, second = await upload(spine, VERA, "a.png"), await upload(spine, VERA, "b.png")
    outcome = await carry(spine, VERA, chat, second, first)
    assert [file.id for file in outcome.fact.body.files] == [second, first]
    assert outcome.fact.event.files == (second, first)
    assert outcome.fact.body.files[1] == File(first, "a.png", "image/png", 7, 4, 2)
    for seen in (for_visitor(outcome.fact), for_agent(outcome.fact)):
        assert [file.name for file in seen.files] == ["b.png", "a.png"]
    for file in (await stored(spine, first, second)).values():
        assert (file.conversation_id, file.seq, file.private) == (chat, outcome.fact.seq, False)


async def test_what_is_read_later_knows_the_files_too(spine):
    chat = await spine.open()
    file = await upload(spine, VERA)
    sent = (await carry(spine, VERA, chat, file)).fact
    assert (await stored_facts(spine.database))[-1] == sent


async def stored_chat(spine, chat):
    async with spine.database.read() as connection:
        return await fact_store.list_facts(connection, "acme", chat)


async def test_erasing_the_words_takes_the_names_and_leaves_what_adds_up(spine):
    chat = await spine.open()
    await carry(spine, VERA, chat, await upload(spine, VERA))
    before = fold(await stored_chat(spine, chat))
    async with spine.database.write() as connection:
        await connection.execute(update(facts).values(body=None), execution_options={EXEMPT: True})
    erased = await stored_chat(spine, chat)
    assert fold(erased) == before
    assert [fact.body for fact in erased] == [None] * len(erased)
    assert erased[-1].event.files == ("id-of-cup.png",)
    assert for_visitor(erased[-1]).files == []


async def test_a_repeat_gets_the_first_answer_and_other_files_a_conflict(spine):
    chat = await spine.open()
    file, other = await upload(spine, VERA, "a"), await upload(spine, VERA, "b")
    first = await carry(spine, VERA, chat, file)
    again = await carry(spine, VERA, chat, file)
    assert (again.fact, again.duplicate) == (first.fact, True)
    for files in ([other], [], [file, other]):
        with pytest.raises(ClientIdConflict):
            await carry(spine, VERA, chat, *files)
    assert (await stored(spine, other))[other].conversation_id is None


async def test_of_two_messages_in_one_batch_one_gets_the_file(spine):
    chat = await spine.open()
    file = await upload(spine, VERA)
    one = carry(spine, VERA, chat, file, client_id="m1")
    two = carry(spine, VERA, chat, file, client_id="m2")
    again = carry(spine, VERA, chat, file, client_id="m1")
    results = await asyncio.gather(one, two, again, return_exceptions=True)
    assert isinstance(results[1], FileGone)
    assert (results[2].fact, results[2].duplicate) == (results[0].fact, True)
    assert len(spine.commits[-1].facts) == 1


async def test_of_two_nodes_one_gets_the_file(spine, database, clock):
    chat, file = await spine.open(), await upload(spine, VERA)
    async with open_spine(database, clock, name="other") as other:
        results = await asyncio.gather(
            carry(spine, VERA, chat, file, client_id="m1"),
            carry(other, VERA, chat, file, client_id="m2"),
            return_exceptions=True,
        )
    assert sorted(type(result).__name__ for result in results) == ["FileGone", "Outcome"]


async def test_an_agents_file_goes_into_one_chat_of_two(spine):
    chats = [await spine.open(VERA), await spine.open(VIC)]
    file = await upload(spine, ANN)
    results = await asyncio.gather(
        *(carry(spine, ANN, chat, file) for chat in chats), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["FileGone", "Outcome"]


@pytest.mark.parametrize("owner", [VIC, ANN, BOB, ROLF, RITA], ids=lambda actor: actor.id)
async def test_nobody_sends_anothers_file(spine, owner):
    chat = await spine.open()
    own, foreign = await upload(spine, VERA, "own"), await upload(spine, owner, "foreign")
    with pytest.raises(FileGone):
        await carry(spine, VERA, chat, own, foreign, text="Mine")
    kept = await stored(spine, own)
    assert kept[own].conversation_id is None
    assert (await carry(spine, VERA, chat, own)).fact.body.files


async def test_an_agent_cannot_send_a_visitors_file_of_the_same_name(spine):
    """An author is a kind and an id."""
    chat = await spine.open()
    file = await upload(spine, ANN, author_kind="visitor")
    with pytest.raises(FileGone):
        await carry(spine, ANN, chat, file)


async def test_a_file_that_never_was_is_gone(spine):
    chat = await spine.open()
    with pytest.raises(FileGone):
        await carry(spine, VERA, chat, "made-up")
    assert [fact.event.__class__.__name__ for fact in await stored_chat(spine, chat)] == ["Opened"]


async def test_a_message_that_is_refused_leaves_its_files(spine):
    chat = await spine.open()
    file = await upload(spine, ANN)
    await spine.close(ANN, chat)
    with pytest.raises(Rejected):
        await carry(spine, ANN, chat, file)
    await spine.reopen(ANN, chat)
    assert (await carry(spine, ANN, chat, file)).fact.body.files


async def test_a_notes_files_are_marked_as_such(spine):
    chat = await spine.open()
    file = await upload(spine, ANN)
    outcome = await carry(spine, ANN, chat, file, private=True)
    assert for_visitor(outcome.fact) is None
    assert (await stored(spine, file))[file].private


async def test_the_same_upload_of_the_same_author_is_one_row(spine):
    who = Principal("acme", VERA)
    await upload(spine, VERA, "a")
    with pytest.raises(Exception, match=r"(?i)unique"):
        await upload(spine, VERA, "a", id="another")
    await upload(spine, VIC, "a", id="of-vic")
    async with spine.database.read() as connection:
        assert (await store.by_upload(connection, who, "a")).id == "id-of-a"
        assert await store.by_upload(connection, Principal("rival", VERA), "a") is None


async def test_a_swept_file_cannot_be_sent_and_a_sent_one_is_not_swept(spine):
    chat = await spine.open()
    sent, left = await upload(spine, VERA, "sent"), await upload(spine, VERA, "left")
    await carry(spine, VERA, chat, sent)
    async with spine.database.write() as connection:
        gone = await store.remove_unsent(connection, [("acme", sent), ("acme", left)])
    assert gone == [("acme", left)]
    with pytest.raises(FileGone):
        await carry(spine, VERA, chat, left, client_id="m2")


async def test_what_is_used_is_counted_by_author_since_a_time_and_by_workspace(spine):
    who, began = Principal("acme", VERA), spine.clock.now()
    async with spine.database.read() as connection:
        assert await store.used_in(connection, "acme") == 0
        assert await store.used_by(connection, who, began) == (0, 0)
    spine.clock.advance(1)
    await upload(spine, VERA, "a")
    await upload(spine, VIC, "b")
    await upload(spine, ROLF, "c")
    spine.clock.advance(1)
    await upload(spine, VERA, "d", bytes=1000)
    async with spine.database.read() as connection:
        assert await store.used_in(connection, "acme") == 10 + 10 + 1003
        assert await store.used_in(connection, "rival") == 10
        assert await store.used_by(connection, who, began) == (2, 1013)
        since = spine.clock.now() - timedelta(seconds=1)
        assert await store.used_by(connection, who, since) == (1, 1003)


async def test_what_nobody_sent_is_found_from_the_oldest_on_in_all_workspaces(spine):
    chat = await spine.open()
    sent, old = await upload(spine, VERA, "sent"), await upload(spine, ROLF, "old")
    await carry(spine, VERA, chat, sent)
    spine.clock.advance(1)
    newer = await upload(spine, VIC, "newer")
    spine.clock.advance(1)
    await upload(spine, VERA, "newest")
    before = spine.clock.now()
    async with spine.database.read() as connection:
        found = await store.unsent_before(connection, before, 10)
        assert found == [("rival", old), ("acme", newer)]
        assert await store.unsent_before(connection, before, 1) == found[:1]
        assert await store.known(connection, "acme", [sent, old, "made-up"]) == {sent}


async def test_a_file_is_found_with_what_decides_who_may_see_it(spine):
    chat = await spine.open()
    sent, left = await upload(spine, VERA, "sent"), await upload(spine, VERA, "left")
    await carry(spine, VERA, chat, sent)
    await spine.close(ANN, chat)
    async with spine.database.read() as connection:
        found = {p.file.id: p for p in await store.find(connection, "acme", [sent, left, "no"])}
        assert await store.find(connection, "rival", [sent, left]) == []
    assert (found[sent].visitor_id, found[sent].phase) == (VERA.id, Phase.CLOSED)
    assert found[sent].closed_at == spine.clock.now()
    assert (found[left].visitor_id, found[left].phase, found[left].closed_at) == (None, None, None)
