"""While nothing can be stored: who is known comes in, reads, and is told; nobody is locked out by
something that would only have been noted."""

import pytest

from chatserver.errors import BadTicket
from chatserver.storage.condition import NotStored, Trouble
from chatserver.storage.migrate import migrate
from tests.support.doors import PASSWORD, open_acme


@pytest.fixture
async def house(tmp_path):
    async with open_acme(tmp_path) as opened:
        opened.database.guard.is_watched = True
        yield opened


@pytest.fixture
def break_it(house):
    return lambda: house.database.guard.failed(Trouble.FULL)


async def arrive(house, token=None):
    return await house.identity.visitors.arrive(house.sites["acme"].key, token=token)


async def test_a_visitor_who_is_known_comes_in_and_a_stranger_is_asked_to_come_again(
    house, break_it
):
    first = await arrive(house)
    break_it()
    again = await arrive(house, first.token)
    assert again.visitor == first.visitor
    assert again.token is None  # the one they have stays good
    for token in (None, "", "x" * 43, "x" * 10_000):
        with pytest.raises(NotStored):
            await arrive(house, token)
    house.database.guard.worked()
    assert (await arrive(house, first.token)).visitor.id == first.visitor.id


async def test_a_token_of_another_site_brings_nobody_in(house, break_it):
    other = await house.identity.visitors.arrive(house.sites["rival"].key)
    break_it()
    with pytest.raises(NotStored):
        await arrive(house, other.token)


async def test_an_agent_uses_the_console_and_opens_a_socket_once_with_each_ticket(house, break_it):
    async with house.browser("ann") as browser:
        house.clock.advance(hours=1)  # long enough to be marked as used
        break_it()
        assert (await browser.get("/api/agents")).status_code == 200
        ticket = (await browser.post("/api/tickets", json={})).json()["ticket"]
    session = await house.identity.tickets.redeem(ticket)
    assert session.agent_id == house.agents["ann"].id
    with pytest.raises(BadTicket):
        await house.identity.tickets.redeem(ticket)


async def test_a_ticket_that_was_not_stored_ends_as_soon_as_others(house, break_it):
    async with house.browser("ann") as browser:
        break_it()
        tickets = [(await browser.post("/api/tickets", json={})).json()["ticket"] for _ in range(3)]
    house.clock.advance(seconds=29)
    await house.identity.tickets.redeem(tickets[0])
    house.clock.advance(seconds=2)
    with pytest.raises(BadTicket):
        await house.identity.tickets.redeem(tickets[1])
    house.clock.turn(hours=-1)  # and is not good again when somebody turns the clock
    for ticket in tickets:
        with pytest.raises(BadTicket):
            await house.identity.tickets.redeem(ticket)


async def test_a_ticket_does_not_outlive_its_session(house, break_it):
    _, session = await house.session("ann")
    break_it()
    ticket = await house.identity.tickets.issue(session)
    house.database.guard.worked()
    await house.identity.sessions.end(session)
    break_it()
    with pytest.raises(BadTicket):
        await house.identity.tickets.redeem(ticket)


async def test_signing_in_has_to_wait(house, break_it):
    break_it()
    async with house.browser(html=True) as browser:
        form = {"email": "ann@acme.example", "password": PASSWORD}
        answer = await browser.post("/agent/sign-in", data=form)
        assert answer.status_code == 503
        assert "ann@acme.example" in answer.text  # the form, to be sent again
        house.database.guard.worked()
        assert (await browser.post("/agent/sign-in", data=form)).status_code == 303


async def test_a_start_on_a_full_disk_needs_a_current_schema_only(house, break_it):
    break_it()
    await migrate(house.database)
