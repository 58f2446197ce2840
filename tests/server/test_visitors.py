"""Who comes back is known again, who is somebody else never is; on both databases."""

import asyncio
from datetime import timedelta

import pytest

from chatserver.broker.memory import MemoryBroker
from chatserver.config import Settings
from chatserver.errors import BadToken, Invalid, NotFound, Unavailable
from chatserver.identity import service
from chatserver.identity.model import Role, SiteFields
from chatserver.identity.passwords import Passwords
from chatserver.identity.profiles import Said
from chatserver.ids import RandomIds
from chatserver.protocol.shared import Page
from chatserver.storage.condition import Trouble

SHOP, STALL = "key-of-shop", "key-of-stall"


@pytest.fixture
def identity(database, clock):
    broker = MemoryBroker(lambda work, *arguments: work(*arguments))
    settings = Settings(secret_key="k" * 40)
    cheap = Passwords(memory_kib=8, rounds=1)
    return service.build(database, broker, settings, clock, RandomIds(), passwords=cheap)


@pytest.fixture
def visitors(identity):
    return identity.visitors


async def test_a_stranger_becomes_a_visitor_with_a_token(visitors, clock):
    arrival = await visitors.arrive(
        SHOP,
        page=Page("https://shop.example/tea", "Tea", "https://search.example/?q=tea"),
        locale="zh-CN",
        user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
    )
    visitor = arrival.visitor
    assert (arrival.site.id, visitor.site_id, visitor.workspace_id) == ("shop", "shop", "acme")
    assert (visitor.browser, visitor.system, visitor.locale) == ("Firefox 131", "Linux", "zh-CN")
    assert (visitor.page_url, visitor.page_title) == ("https://shop.example/tea", "Tea")
    assert visitor.referrer == "https://search.example/?q=tea"
    assert (visitor.name, visitor.email) == (None, None)
    assert len(arrival.token) >= 40
    assert (arrival.token_expires_at - clock.now()).days == 30


async def test_a_token_brings_back_the_same_visitor(visitors, clock):
    first = await visitors.arrive(SHOP, locale="en")
    clock.advance(hours=1)
    again = await visitors.arrive(SHOP, token=first.token)
    assert again.visitor.id == first.visitor.id
    assert again.visitor.locale == "en"
    assert again.visitor.seen_at == clock.now()
    assert again.token is None


async def test_who_comes_back_as_they_went_costs_no_write_and_is_seen_all_the_same(
    visitors, clock, database
):
    came = [await visitors.arrive(SHOP, locale="en") for _ in range(3)]
    clock.advance(minutes=5)
    database.guard.is_watched = True
    database.guard.failed(Trouble.LOCKED)
    for first in came:
        again = await visitors.arrive(SHOP, token=first.token, locale="en")
        assert (again.visitor.id, again.visitor.seen_at) == (first.visitor.id, clock.now())
        assert again.token is None
    with pytest.raises(Unavailable):
        await visitors.seen.store()
    database.guard.worked()
    await visitors.seen.store()
    assert await seen_at(visitors, database, came) == [clock.now()] * 3
    visitors.seen.note("acme", came[0].visitor.id, clock.now() - timedelta(minutes=1))
    await visitors.seen.store()  # another node was slower
    assert await seen_at(visitors, database, came) == [clock.now()] * 3


async def seen_at(visitors, database, arrivals):
    async with database.read() as connection:
        found = await visitors.get(connection, "acme", [one.visitor.id for one in arrivals])
    return [one.seen_at for one in found.values()]


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 100_000, "ü", "'; --", None])
async def test_an_unknown_token_is_a_new_visitor(visitors, token):
    first = await visitors.arrive(SHOP, token=token)
    second = await visitors.arrive(SHOP, token=token)
    assert first.visitor.id != second.visitor.id
    assert first.token
    assert second.token != first.token


async def test_a_token_is_good_on_its_own_site_only(visitors):
    first = await visitors.arrive(SHOP)
    elsewhere = await visitors.arrive(STALL, token=first.token)
    assert elsewhere.visitor.id != first.visitor.id
    assert elsewhere.visitor.workspace_id == "rival"
    assert (await visitors.arrive(SHOP, token=first.token)).visitor.id == first.visitor.id


async def test_who_comes_within_a_month_is_remembered_ever_on(visitors, clock):
    arrival = await visitors.arrive(SHOP)
    visitor, token = arrival.visitor.id, arrival.token
    for _ in range(4):
        clock.advance(hours=24 * 29)
        arrival = await visitors.arrive(SHOP, token=token)
        assert arrival.visitor.id == visitor
        token = arrival.token or token
    clock.advance(hours=24 * 31)
    assert (await visitors.arrive(SHOP, token=token)).visitor.id != visitor


async def test_a_day_old_token_gets_a_successor_and_both_are_good_for_a_while(visitors, clock):
    old = await visitors.arrive(SHOP)
    clock.advance(hours=24)
    new = await visitors.arrive(SHOP, token=old.token)
    assert new.token not in (None, old.token)
    # The answer was lost: the old one still works, for as long as the new one was never used.
    clock.advance(hours=20)
    lost = await visitors.arrive(SHOP, token=old.token)
    assert lost.visitor.id == old.visitor.id
    # The new one is used, long after it was issued: the old one is over.
    assert (await visitors.arrive(SHOP, token=lost.token)).visitor.id == old.visitor.id
    clock.advance(minutes=9)
    assert (await visitors.arrive(SHOP, token=old.token)).visitor.id == old.visitor.id
    clock.advance(minutes=2)
    assert (await visitors.arrive(SHOP, token=old.token)).visitor.id != old.visitor.id
    assert (await visitors.arrive(SHOP, token=new.token)).visitor.id == old.visitor.id


async def test_a_successor_used_late_ends_its_predecessor_at_once(visitors, clock):
    old = await visitors.arrive(SHOP)
    successor, _ = await visitors.refresh(old.token, old.visitor.id)
    clock.advance(minutes=11)
    assert (await visitors.arrive(SHOP, token=successor)).visitor.id == old.visitor.id
    assert (await visitors.arrive(SHOP, token=old.token)).visitor.id != old.visitor.id


async def test_two_tabs_that_rotate_at_once_stay_one_visitor(visitors, clock):
    old = await visitors.arrive(SHOP)
    clock.advance(hours=25)
    tabs = await asyncio.gather(*(visitors.arrive(SHOP, token=old.token) for _ in range(3)))
    tokens = {tab.token for tab in tabs}
    assert len(tokens) == 3
    for token in tokens:
        assert (await visitors.arrive(SHOP, token=token)).visitor.id == old.visitor.id


async def test_asking_for_many_successors_fills_no_table(visitors, database):
    old = await visitors.arrive(SHOP)
    tokens = [(await visitors.refresh(old.token, old.visitor.id))[0] for _ in range(20)]
    async with database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT count(*) FROM visitor_tokens")
        assert rows.scalar_one() <= 7
    assert (await visitors.arrive(SHOP, token=tokens[-1])).visitor.id == old.visitor.id


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000])
async def test_an_unknown_token_is_not_refreshed(visitors, token):
    with pytest.raises(BadToken):
        await visitors.refresh(token, "vera")


async def test_nobody_refreshes_the_token_of_somebody_else(visitors):
    vera, vic = await visitors.arrive(SHOP), await visitors.arrive(SHOP)
    with pytest.raises(BadToken):
        await visitors.refresh(vera.token, vic.visitor.id)


async def test_a_token_that_has_just_ended_still_opens_the_door(visitors, clock):
    """Whoever is in the middle of a chat then is hung up (4002), and comes back at once."""
    vera = await visitors.arrive(SHOP)
    clock.advance(hours=30 * 24, minutes=9)
    again = await visitors.arrive(SHOP, token=vera.token)
    assert again.visitor.id == vera.visitor.id
    assert again.token_expires_at > clock.now()


async def test_a_refreshed_token_ends_as_late_as_a_new_one(visitors, clock):
    vera = await visitors.arrive(SHOP)
    clock.advance(hours=29 * 24)
    token, ends_at = await visitors.refresh(vera.token, vera.visitor.id)
    assert ends_at == clock.now() + timedelta(days=30)
    assert (await visitors.arrive(SHOP, token=token)).visitor.id == vera.visitor.id


@pytest.mark.parametrize("key", ["", "nope", "x" * 1000, "KEY-OF-SHOP", "key-of-shop "])
async def test_nobody_arrives_at_an_unknown_site(visitors, key):
    with pytest.raises(NotFound):
        await visitors.arrive(key)


async def test_a_site_that_is_switched_off_lets_nobody_in(identity, visitors):
    known = await visitors.arrive(SHOP)
    ann = await session_of(identity, "acme")
    await identity.sites.change(ann, "shop", SiteFields(enabled=False))
    with pytest.raises(NotFound):
        await visitors.arrive(SHOP, token=known.token)


async def session_of(identity, workspace_id):
    agent = (await identity.people.list(workspace_id))[0]
    async with identity.people._database.write() as connection:
        return (await identity.sessions.open(connection, agent, "en"))[1]


async def test_what_visitors_say_of_themselves_is_tidied(identity, visitors, database):
    say = identity.profiles.say
    said = await say("acme", "vic", Said(name=" V\u202eic\x00 <b> ", email="Vic@Mail.Example"))
    assert (said.name, said.email) == ("Vic <b>", "vic@mail.example")
    assert await say("acme", "vic", Said(name="", email=" ")) == said
    for wrong in ({"name": "x" * 101}, {"email": "nonsense"}):
        with pytest.raises(Invalid) as caught:
            await say("acme", "vic", Said(**wrong))
        assert set(caught.value.fields) == set(wrong)
    async with database.read() as connection:
        assert await visitors.get(connection, "acme", ["vic", "rolf", "nobody"]) == {"vic": said}


async def test_a_visitor_moves_from_page_to_page(visitors, clock):
    clock.advance(5)
    moved = await visitors.moved("acme", "vera", Page("https://a:b@shop.example/2", "Two"))
    assert (moved.page_url, moved.page_title) == ("https://shop.example/2", "Two")
    assert moved.seen_at == clock.now()
    same = await visitors.moved("acme", "vera", Page("javascript:alert(1)", "Evil"))
    assert (same.page_url, same.page_title) == ("https://shop.example/2", "Two")


async def test_another_workspaces_visitor_is_not_there(identity, visitors):
    with pytest.raises(NotFound):
        await identity.profiles.say("rival", "vera", Said(name="Stolen"))
    with pytest.raises(NotFound):
        await visitors.moved("rival", "vera", Page("https://evil.example/"))


async def test_on_both_databases_owners_cannot_demote_each_other(identity):
    made = [
        await identity.people.add_agent(
            "rival",
            name=name,
            email=f"{name}@rival.example",
            password="four words in a row",
            role=Role.OWNER,
        )
        for name in ("rex", "roy")
    ]
    rita = await session_of(identity, "rival")
    await identity.people.change(
        await session_for(identity, made[0]), rita.agent_id, role=Role.AGENT, disabled=None
    )
    rex, roy = [await session_for(identity, agent) for agent in made]
    results = await asyncio.gather(
        identity.people.change(rex, roy.agent_id, role=Role.AGENT, disabled=None),
        identity.people.change(roy, rex.agent_id, role=None, disabled=True),
        return_exceptions=True,
    )
    agents = await identity.people.list("rival")
    active = [agent for agent in agents if agent.role == Role.OWNER and not agent.disabled]
    assert len(active) == 1, results


async def session_for(identity, agent):
    async with identity.people._database.write() as connection:
        return (await identity.sessions.open(connection, agent, "en"))[1]
