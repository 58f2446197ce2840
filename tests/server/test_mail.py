"""Mail: every letter arrives at least once and as one message, whatever the server does."""

import asyncio
from datetime import timedelta

import pytest

from chatserver.config import Settings
from chatserver.errors import Invalid, RateLimited, Rejected
from chatserver.features.mail.model import BACKOFF, KEPT, LOST
from chatserver.mail import Mail
from chatserver.tasks import Supervisor
from tests.support.locks import locked
from tests.support.mail import CUT, PASSWORD, certificate_of, free_port, mail_server
from tests.support.mail_stage import HELLO, Stage
from tests.support.slices import open_world


@pytest.fixture
async def world(database, clock):
    return await open_world(database, clock)


@pytest.fixture
async def server():
    async with mail_server() as opened:
        yield opened


@pytest.fixture
def stage(world, server):
    return Stage(world, server.port)


async def test_a_letter_arrives_once_in_both_forms(stage, server):
    letter_id = await stage.send()
    await stage.settle()
    (found,) = server.mails
    assert found["Message-ID"] == f"<{letter_id}@shop.example>"
    assert found["From"] == "Shop <chat@shop.example>"
    assert server.envelopes[0].mail_from == "chat@shop.example"
    assert server.envelopes[0].rcpt_tos == ["bo@new.example"]
    assert found.get_body(("plain",)).get_content().strip() == "Hello Bo"
    assert found.get_body(("html",)).get_content().strip() == "<p>Hello Bo</p>"
    await stage.settle(hours=48)
    assert len(server.mails) == 1
    assert await stage.timers() == []


async def test_the_words_of_a_sent_letter_are_forgotten_at_once(stage):
    await stage.send()
    await stage.settle()
    letter = await stage.letter()
    assert (letter.state, letter.text, letter.html, letter.error) == ("sent", "", "", "")


async def test_what_is_rolled_back_is_not_sent(stage, server):
    with pytest.raises(RuntimeError):
        async with stage.world.database.write() as connection:
            await stage.slice.action.send(connection, "acme", HELLO)
            raise RuntimeError
    await stage.settle(hours=1)
    assert (server.mails, await stage.letters(), await stage.timers()) == ([], [], [])


async def test_several_letters_take_one_connection(stage, server):
    for number in range(5):
        await stage.send(Mail("test", f"bo{number}@new.example", "Hello", "Hello"))
    await stage.settle()
    assert (len(server.mails), server.sessions) == (5, 1)


# The server says no


async def test_a_temporary_no_is_tried_again_after_the_pause(stage, server):
    server.recipients[:] = ["451 4.7.1 greylisted"]
    await stage.send()
    await stage.settle()
    letter = await stage.letter()
    assert (letter.state, letter.attempts) == ("queued", 1)
    assert letter.error == "451 4.7.1 greylisted"
    assert letter.next_at == stage.world.clock.now() + BACKOFF[0]
    await stage.settle(seconds=BACKOFF[0].total_seconds() - 1)
    assert server.mails == []
    await stage.settle(seconds=1)
    assert len(server.mails) == 1
    assert (await stage.letter()).state == "sent"


async def test_a_temporary_no_to_the_content_is_tried_again(stage, server):
    server.contents[:] = ["452 4.2.2 mailbox full"]
    await stage.send()
    await stage.settle()
    await stage.settle(minutes=1)
    assert (await stage.letter()).state == "sent"


async def test_a_permanent_no_is_final_and_stops_nobody_else(stage, server):
    server.recipients[:] = ["550 5.1.1 no such mailbox"]
    await stage.send()
    await stage.send(Mail("test", "al@new.example", "Hello", "Hello"))
    await stage.settle()
    states = {letter.error: letter.state for letter in await stage.letters()}
    assert states == {"550 5.1.1 no such mailbox": "failed", "": "sent"}
    assert await stage.timers() == []


async def test_after_the_last_try_a_letter_is_given_up(stage, server):
    server.contents[:] = ["451 later"] * 20
    await stage.send()
    await stage.settle()
    for pause in BACKOFF:
        assert (await stage.letter()).state == "queued"
        await stage.settle(seconds=pause.total_seconds())
    letter = await stage.letter()
    assert (letter.state, letter.attempts, letter.next_at) == ("failed", len(BACKOFF) + 1, None)
    assert len(server.contents) == 20 - len(BACKOFF) - 1
    await stage.settle(hours=100)
    assert len(server.contents) == 20 - len(BACKOFF) - 1


# The server is not there


async def test_while_the_server_is_down_letters_wait(world):
    stage = Stage(world, free_port())
    await stage.send()
    await stage.send(Mail("test", "al@new.example", "Hello", "Hello"))
    await stage.settle()
    for letter in await stage.letters():
        assert (letter.state, letter.attempts) == ("queued", 1)
        assert "onnect" in letter.error
    async with mail_server() as server:
        later = Stage(world, server.port)
        world.clock.advance(seconds=60)  # the first runner's lease runs out
        await later.settle()
        assert len(server.mails) == 2


async def test_a_connection_cut_after_the_content_gives_two_mails_with_one_id(stage, server):
    """The server has it, we do not know: twice is right, two ids would be wrong."""
    server.contents[:] = [CUT]
    letter_id = await stage.send()
    await stage.settle()
    assert (await stage.letter()).state == "queued"
    await stage.settle(minutes=1)
    assert [found["Message-ID"] for found in server.mails] == [f"<{letter_id}@shop.example>"] * 2
    assert server.envelopes[0].content == server.envelopes[1].content
    assert (await stage.letter()).state == "sent"


async def test_a_cut_connection_does_not_stop_the_letter_behind_it(stage, server):
    server.contents[:] = [CUT]
    await stage.send()
    await stage.send(Mail("test", "al@new.example", "Hello", "Hello"))
    await stage.settle()
    assert sorted(letter.state for letter in await stage.letters()) == ["queued", "sent"]
    assert server.sessions == 2


async def test_a_letter_whose_process_died_comes_back_with_its_id(world, server):
    dying = Stage(world, server.port)
    letter_id = await dying.send()
    await dying.ring()  # in hand, and dead before the post carried it
    stage = Stage(world, server.port)
    await stage.settle(seconds=LOST.total_seconds() - 1)
    assert server.mails == []
    await stage.settle(seconds=1)
    assert [found["Message-ID"] for found in server.mails] == [f"<{letter_id}@shop.example>"]
    assert (await stage.letter()).attempts == 2


async def test_a_letter_that_kills_its_process_every_time_is_given_up(world, server):
    await Stage(world, server.port).send()
    for _ in range(len(BACKOFF) + 2):
        await Stage(world, server.port).ring()
        world.clock.advance(seconds=LOST.total_seconds())
    stage = Stage(world, server.port)
    await stage.settle()
    letter = await stage.letter()
    assert (letter.state, letter.error) == ("failed", "the service stopped during every try")
    assert await stage.timers() == []


async def test_a_letter_in_hand_is_not_taken_twice(stage, server):
    await stage.send()
    await stage.ring()
    stage.world.clock.advance(seconds=LOST.total_seconds())
    await stage.settle()
    assert len(server.mails) == 1
    assert (await stage.letter()).attempts == 1


async def test_the_post_carries_by_itself(stage, server):
    supervisor = Supervisor()
    supervisor.keep("mail", stage.slice.post.run)
    await stage.send()
    await stage.ring()
    try:
        async with asyncio.timeout(10):
            await server.arrived.wait()
    finally:
        await supervisor.close()
    assert len(server.mails) == 1


# TLS and passwords


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_letter_travels_encrypted_and_with_a_password(world, tmp_path, security):
    context, authority = certificate_of(tmp_path)
    async with mail_server(security, context, asks_password=True) as server:
        stage = Stage(
            world,
            server.port,
            smtp_security=security,
            smtp_ca_file=authority,
            smtp_user="post",
            smtp_password=PASSWORD,
        )
        await stage.send()
        await stage.settle()
        assert (len(server.mails), server.users) == (1, ["post"])


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_stranger_with_a_certificate_gets_nothing(world, tmp_path, security):
    context, authority = certificate_of(tmp_path, "somebody.else.example")
    async with mail_server(security, context) as server:
        for trusted in (authority, ""):
            stage = Stage(world, server.port, smtp_security=security, smtp_ca_file=trusted)
            await stage.send()
            await stage.settle()
            assert {letter.state for letter in await stage.letters()} == {"queued"}
            assert all("certificate" in letter.error.lower() for letter in await stage.letters())
            world.clock.advance(seconds=20)
        assert server.mails == []


async def test_a_server_without_tls_gets_nothing_when_tls_is_asked_for(stage, server, world):
    asking = Stage(world, server.port, smtp_security="starttls")
    await asking.send()
    await asking.settle()
    assert server.mails == []
    assert (await asking.letter()).state == "queued"


async def test_a_wrong_password_is_our_fault_and_loses_nothing(world, tmp_path):
    context, authority = certificate_of(tmp_path)
    async with mail_server("starttls", context, asks_password=True) as server:
        wrong = {"smtp_security": "starttls", "smtp_ca_file": authority, "smtp_user": "post"}
        stage = Stage(world, server.port, **wrong, smtp_password="wrong words")
        await stage.send()
        await stage.settle()
        letter = await stage.letter()
        assert (letter.state, letter.error[:3]) == ("queued", "535")
        assert "wrong words" not in letter.error


# Limits


async def test_one_address_gets_so_many_in_an_hour(world, server):
    stage = Stage(world, server.port, mail_recipient_hour=2)
    for _ in range(2):
        await stage.send()
    with pytest.raises(RateLimited):
        await stage.send()
    await stage.send(Mail("test", "al@new.example", "Hello", "Hello"))
    await stage.send(HELLO, "rival")
    stage.world.clock.advance(hours=1)
    await stage.send()


async def test_one_workspace_sends_so_many_in_an_hour(world, server):
    stage = Stage(world, server.port, mail_workspace_hour=2)
    for number in range(2):
        await stage.send(Mail("test", f"bo{number}@new.example", "Hello", "Hello"))
    with pytest.raises(RateLimited):
        await stage.send(Mail("test", "al@new.example", "Hello", "Hello"))
    await stage.send(HELLO, "rival")


async def test_zero_is_no_limit(world, server):
    stage = Stage(world, server.port, mail_recipient_hour=0, mail_workspace_hour=0)
    for _ in range(20):
        await stage.send()


async def test_a_bad_mail_is_refused_before_anything_is_written(stage):
    with pytest.raises(Invalid):
        await stage.send(Mail("test", "bo@new.example\r\nBcc: x@y.example", "Hello", "Hello"))
    assert await stage.letters() == []


async def test_what_is_done_is_forgotten_after_a_month(stage, server):
    server.recipients[:] = ["550 no"]
    await stage.send()
    await stage.send()
    await stage.settle()
    stage.world.clock.advance(seconds=KEPT.total_seconds() + 1)
    await stage.send()
    assert [letter.state for letter in await stage.letters()] == ["queued"]


# Not configured


async def test_without_a_server_nothing_is_taken(world):
    stage = Stage(world, 0, smtp_host="", mail_from="")
    with pytest.raises(Rejected):
        await stage.send()


async def test_letters_of_better_days_wait_until_it_is_configured_again(world, server):
    await Stage(world, server.port).send()
    off = Stage(world, 0, smtp_host="", mail_from="")
    await off.settle()
    letter = await off.letter()
    assert (letter.state, letter.attempts) == ("queued", 0)
    world.clock.advance(hours=1)
    await Stage(world, server.port).settle()
    assert len(server.mails) == 1


async def test_lost_is_longer_than_a_try():
    assert timedelta(seconds=Settings().smtp_seconds) < LOST


# The database is away


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # one lock for all that is written
async def test_a_letter_waits_for_the_database_and_is_not_sent_twice(
    stage, server, database, database_url
):
    """What the server said is known to us alone until it is written down."""
    await stage.send()
    await stage.ring()
    in_trouble = asyncio.Event()
    database.guard.watch(lambda condition: in_trouble.set())
    async with locked(database_url):
        carrying = asyncio.get_running_loop().create_task(stage.slice.post.carry_all())
        await in_trouble.wait()
        assert len(server.mails) == 1
        assert not carrying.done()
    await carrying
    assert (await stage.letter()).state == "sent"
    await stage.settle(hours=1)
    assert len(server.mails) == 1
