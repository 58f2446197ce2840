"""Customers whom a site vouches for are the same on every browser, and nobody else is ever them; on
both databases."""

import asyncio

import jwt
import pytest

from chatserver.broker.memory import MemoryBroker
from chatserver.config import Settings
from chatserver.conversation.commands import Identify, Request, SendMessage
from chatserver.conversation.model import SYSTEM
from chatserver.errors import (
    BadToken,
    IdentityExpired,
    IdentityUnknownKey,
    Invalid,
    NotFound,
    Rejected,
)
from chatserver.identity import service
from chatserver.identity.model import Algorithm
from chatserver.identity.passwords import Passwords
from chatserver.identity.profiles import Said
from chatserver.ids import RandomIds
from tests.support.world import ANN, VERA, VIC

SHOP, STALL = "key-of-shop", "key-of-stall"


def build(database, clock, secret_key="k" * 40):
    broker = MemoryBroker(lambda work, *arguments: work(*arguments))
    settings = Settings(secret_key=secret_key, visitor_attributes=3)
    cheap = Passwords(memory_kib=8, rounds=1)
    return service.build(database, broker, settings, clock, RandomIds(), passwords=cheap)


@pytest.fixture
def identity(database, clock):
    return build(database, clock)


@pytest.fixture
def visitors(identity):
    return identity.visitors


async def owner_of(identity, workspace_id="acme"):
    agent = (await identity.people.list(workspace_id))[0]
    async with identity.people._database.write() as connection:
        return (await identity.sessions.open(connection, agent, "en"))[1]


@pytest.fixture
async def key(identity):
    return await identity.identity_keys.add(await owner_of(identity), "shop", Algorithm.HS256)


def word(key, clock, subject="42", **claims):
    """What the site's server would sign for its customer now."""
    now = int(clock.now().timestamp())
    payload = {"sub": subject, "iat": now, "exp": now + 300} | claims
    return jwt.encode(payload, key.secret, algorithm=key.key.algorithm.value)


# Keys


async def test_a_secret_is_seen_once_and_two_keys_hold_at_once(identity, key, clock, database):
    ann = await owner_of(identity)
    clock.advance(1)
    second = await identity.identity_keys.add(ann, "shop", Algorithm.ES256)
    with pytest.raises(Rejected):
        await identity.identity_keys.add(ann, "shop", Algorithm.HS256)
    listed = await identity.identity_keys.list("acme", "shop")
    assert [one.algorithm for one in listed] == ["HS256", "ES256"]
    assert key.secret not in str(listed)
    assert second.secret not in str(listed)
    for one in (key, second):
        arrival = await identity.visitors.arrive(SHOP, identity=word(one, clock))
        assert arrival.refused is None
    await identity.identity_keys.remove(ann, key.key.id)
    arrival = await identity.visitors.arrive(SHOP, identity=word(key, clock))
    assert isinstance(arrival.refused, IdentityUnknownKey)


async def test_a_private_key_is_not_kept(identity, database):
    made = await identity.identity_keys.add(await owner_of(identity), "shop", Algorithm.ES256)
    assert "PRIVATE KEY" in made.secret
    (verifying,) = await identity.identity_keys.verifying("acme", "shop")
    assert "PUBLIC KEY" in verifying.secret


async def test_a_secret_outlives_the_rotation_of_the_installations_key(
    database, clock, identity, key
):
    rotated = build(database, clock, secret_key=f"{'n' * 40},{'k' * 40}")
    assert (await rotated.visitors.arrive(SHOP, identity=word(key, clock))).refused is None
    foreign = build(database, clock, secret_key="f" * 40)
    refused = (await foreign.visitors.arrive(SHOP, identity=word(key, clock))).refused
    assert isinstance(refused, IdentityUnknownKey)


async def test_keys_belong_to_their_site_and_workspace(identity, key, clock):
    rita = await owner_of(identity, "rival")
    with pytest.raises(NotFound):
        await identity.identity_keys.add(rita, "shop", Algorithm.HS256)
    with pytest.raises(NotFound):
        await identity.identity_keys.remove(rita, key.key.id)
    elsewhere = await identity.visitors.arrive(STALL, identity=word(key, clock))
    assert isinstance(elsewhere.refused, IdentityUnknownKey)
    assert elsewhere.visitor.customer_id is None


async def test_two_owners_at_once_do_not_make_three_keys(identity, key):
    ann = await owner_of(identity)
    made = await asyncio.gather(
        *(identity.identity_keys.add(ann, "shop", Algorithm.HS256) for _ in range(3)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Rejected) for one in made) == 2
    assert len(await identity.identity_keys.list("acme", "shop")) == 2


# The same customer everywhere


async def test_one_customer_is_one_visitor_on_every_browser(visitors, key, clock):
    first = await visitors.arrive(SHOP, identity=word(key, clock, name="Vera", email="v@x.example"))
    second = await visitors.arrive(SHOP, identity=word(key, clock, name="Vera B"))
    assert first.visitor.id == second.visitor.id
    assert first.token != second.token
    assert (second.visitor.name, second.visitor.email) == ("Vera B", "v@x.example")
    again = await visitors.arrive(SHOP, token=first.token)
    assert again.visitor.id == first.visitor.id
    other = await visitors.arrive(SHOP, identity=word(key, clock, "43"))
    assert other.visitor.id != first.visitor.id


async def test_browsers_that_come_at_once_are_one_visitor(visitors, key, clock):
    arrivals = await asyncio.gather(
        *(visitors.arrive(SHOP, identity=word(key, clock, "new")) for _ in range(4))
    )
    assert len({arrival.visitor.id for arrival in arrivals}) == 1


async def test_what_was_said_before_goes_over_unverified(identity, visitors, key, clock):
    before = await visitors.arrive(SHOP)
    await identity.profiles.say(
        "acme",
        before.visitor.id,
        Said(name="Somebody", email="a@b.example", phone="0301234", attributes={"cart": 3}),
    )
    after = await visitors.arrive(
        SHOP,
        token=before.token,
        identity=word(key, clock, name="Vera", attributes={"plan": "gold"}),
    )
    assert after.visitor.id != before.visitor.id
    assert [one.id for one in after.former] == [before.visitor.id]
    visitor, profile, customer = await identity.profiles.find("acme", after.visitor.id)
    assert (visitor.name, visitor.email, visitor.phone) == ("Vera", None, "0301234")
    assert (customer.name, customer.email, customer.phone) == ("Vera", None, None)
    assert profile.answers == {"email": "a@b.example"}  # told, but no address of theirs
    assert (profile.attributes, customer.attributes) == ({"cart": 3}, {"plan": "gold"})


async def test_what_is_signed_cannot_be_said_otherwise(identity, visitors, key, clock):
    signed = word(key, clock, name="Vera", email="v@x.example")
    vera = (await visitors.arrive(SHOP, identity=signed)).visitor
    said = Said(name="Support", email="evil@y.example", phone="0301234")
    after = await identity.profiles.say("acme", vera.id, said)
    assert (after.name, after.email, after.phone) == ("Vera", "v@x.example", "0301234")


async def test_a_token_that_is_over_lets_the_visitor_in_as_who_they_were(visitors, key, clock):
    signed = word(key, clock)
    vera = await visitors.arrive(SHOP, identity=signed)
    clock.advance(301)
    late = await visitors.arrive(SHOP, identity=signed)
    assert isinstance(late.refused, IdentityExpired)
    assert late.visitor.customer_id is None
    known = await visitors.arrive(SHOP, token=vera.token, identity=signed)
    assert isinstance(known.refused, IdentityExpired)
    assert known.visitor.id == vera.visitor.id


# Attacks


async def test_a_planted_token_is_worth_nothing_once_its_visitor_is_known(visitors, key, clock):
    planted = await visitors.arrive(SHOP)
    victim = await visitors.arrive(SHOP, token=planted.token, identity=word(key, clock))
    attacker = await visitors.arrive(SHOP, token=planted.token)
    assert attacker.visitor.id not in (planted.visitor.id, victim.visitor.id)
    with pytest.raises(BadToken):
        await visitors.refresh(planted.token, planted.visitor.id)
    with pytest.raises(BadToken):
        await visitors.refresh(planted.token, victim.visitor.id)
    assert await visitors.of_token(planted.token) is None


async def test_saying_the_same_name_and_address_is_not_being_it(identity, visitors, key, clock):
    vera = await visitors.arrive(SHOP, identity=word(key, clock, "42", email="v@x.example"))
    thief = await visitors.arrive(SHOP)
    said = Said(name="Vera", email="v@x.example", attributes={"customer_id": "42", "sub": "42"})
    await identity.profiles.say("acme", thief.visitor.id, said)
    again = await visitors.arrive(SHOP, token=thief.token)
    assert again.visitor.id not in (vera.visitor.id,)
    assert again.visitor.customer_id is None
    assert again.former == ()


async def test_another_customer_on_the_same_browser_gets_nothing_of_the_first(visitors, key, clock):
    """Nobody logged out: a shared computer."""
    vera = await visitors.arrive(SHOP, identity=word(key, clock, "vera", email="v@x.example"))
    vic = await visitors.arrive(SHOP, token=vera.token, identity=word(key, clock, "vic"))
    assert vic.visitor.id != vera.visitor.id
    assert (vic.visitor.email, vic.former) == (None, ())
    assert (await visitors.arrive(SHOP, token=vera.token)).visitor.id != vera.visitor.id


async def test_logging_out_ends_this_browsers_token_alone(visitors, key, clock):
    here = await visitors.arrive(SHOP, identity=word(key, clock))
    there = await visitors.arrive(SHOP, identity=word(key, clock))
    assert await visitors.forget("another") is None
    assert await visitors.forget(here.token) == here.visitor.id
    assert (await visitors.arrive(SHOP, token=here.token)).visitor.id != here.visitor.id
    assert (await visitors.arrive(SHOP, token=there.token)).visitor.id == there.visitor.id


async def test_attributes_are_few_and_flat_and_can_be_taken_away(identity, visitors):
    say = identity.profiles.say
    await say("acme", "vera", Said(attributes={"a": 1, "b": "x\u202e", "c": True}))
    with pytest.raises(Invalid) as caught:
        await say("acme", "vera", Said(attributes={"d": 1}))
    assert caught.value.fields == {"attributes": "too_many"}
    await say("acme", "vera", Said(attributes={"a": None, "d": 1.5}))
    _, profile, _ = await identity.profiles.find("acme", "vera")
    assert profile.attributes == {"b": "x", "c": True, "d": 1.5}
    for wrong in ({"x": []}, {"x": {}}, {"": 1}, {"x": "y" * 501}, {"x": 1e300}):
        with pytest.raises(Invalid):
            await say("acme", "vera", Said(attributes=wrong))


# Conversations


def identify(spine, chat):
    """The visitor of this chat turned out to be the customer whose visitor is vic."""
    command = Identify("vic", "customer-1")
    return spine.conversations.submit(Request("acme", chat, SYSTEM, command))


async def test_a_conversation_goes_over_to_the_customer_and_its_facts_say_so(spine):
    chat = await spine.open(VERA)
    await spine.say(VERA, chat, "Hello", client_id="m-1")
    before = await spine.say(ANN, chat, "Hi")
    outcome = await identify(spine, chat)
    assert outcome.state.visitor_id == "vic"
    assert outcome.state.visitor_seq == before.state.visitor_seq
    assert outcome.fact.visitor_seq is None
    again = await identify(spine, chat)
    assert again.fact is None


async def test_who_the_visitor_was_has_no_part_in_it_any_more(spine):
    chat = await spine.open(VERA)
    await identify(spine, chat)
    with pytest.raises(NotFound):
        await spine.say(VERA, chat, "It is still me")
    with pytest.raises(NotFound):
        await spine.close(VERA, chat, "visitor")
    with pytest.raises(NotFound):
        await spine.read(VERA, chat, 1)
    assert (await spine.say(VIC, chat, "It is me now")).state.visitor_messages == 1


async def test_another_visitor_cannot_write_into_a_conversation_whose_id_they_know(spine):
    chat = await spine.open(VERA)
    with pytest.raises(NotFound):
        await spine.say(VIC, chat, "Let me in")


async def test_a_message_that_was_stored_before_is_stored_once(spine):
    """Its answer was lost, and the visitor was identified meanwhile."""
    chat = await spine.open(VERA)
    first = await spine.say(VERA, chat, "Hello", client_id="m-1")
    await identify(spine, chat)
    resent = SendMessage("m-1", "Hello", former=("vera",))
    again = await spine.submit(VIC, chat, resent)
    assert (again.duplicate, again.fact.seq) == (True, first.fact.seq)
    await spine.close(ANN, chat)
    spine.clock.advance(hours=25)
    other = await spine.open(VIC)
    assert other != chat
    late = await spine.submit(VIC, other, resent)
    assert (late.duplicate, late.fact.conversation_id) == (True, chat)
