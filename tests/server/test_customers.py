"""Customers over real sockets: known on every browser by the site's word, reached by nobody without
it, and shown to agents for what they are."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import jwt
import pytest
import pytest_asyncio

from chatserver.protocol.codes import CloseCode
from tests.support.inside import Inside, run_inside
from tests.support.sockets import (
    Frame,
    Staff,
    Wire,
    open_agent,
    open_chat,
    open_staff,
    open_visitor,
    site_key,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

OWNER = "olivia@teahouse.example"
ANN = "ann@teahouse.example"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    async with run_inside(tmp_path_factory.mktemp("demo")) as inside:
        yield inside


@asynccontextmanager
async def key_of(house: Inside) -> AsyncIterator[tuple[str, Staff]]:
    """A key of the shop, made by its owner and taken back at the end."""
    site = await site_key(house)
    async with open_staff(house, OWNER) as owner:
        (shop,) = [s for s in (await owner.get("/api/sites"))["items"] if s["key"] == site]
        made = await owner.post(f"/api/sites/{shop['id']}/identity-keys")
        (listed,) = (await owner.get(f"/api/sites/{shop['id']}/identity-keys"))["items"]
        assert listed == {name: made[name] for name in made if name != "secret"}
        yield made["secret"], owner
        await owner.client.delete(f"/api/identity-keys/{made['id']}")


def word(house: Inside, secret: str, subject: str, **claims: Any) -> str:
    now = int(house.clock.now().timestamp())
    return jwt.encode({"sub": subject, "iat": now, "exp": now + 300, **claims}, secret)


async def say(wire: Wire, conversation: str, text: str, client_id: str) -> Frame:
    frame = {"t": "send", "conversation": conversation, "client_id": client_id, "text": text}
    return await wire.ask(frame)


async def facts_of(wire: Wire, conversation: str) -> list[str]:
    answer = await wire.ask({"t": "history", "conversation": conversation})
    return [fact.get("text") or fact["kind"] for fact in answer["ok"]["facts"]]


async def test_two_browsers_of_a_customer_see_one_conversation(house: Inside) -> None:
    site = await site_key(house)
    async with key_of(house) as (secret, _):
        vera = word(house, secret, "vera", name="Vera", email="vera@shop.example")
        async with (
            open_visitor(house, site, identity=vera) as phone,
            open_visitor(house, site, identity=vera) as laptop,
        ):
            assert phone.welcome["you"]["verified"] is True
            assert laptop.welcome["you"] == phone.welcome["you"]
            assert laptop.welcome["token"] != phone.welcome["token"]
            chat = await open_chat(phone)
            assert (await laptop.until("state"))["conversation"] == chat
            await say(phone, chat, "From the phone", "m-1")
            while "From the phone" not in [fact.get("text") for fact in laptop.facts]:
                await laptop.read()
            assert "ok" in await say(laptop, chat, "From the laptop", "m-2")
        async with open_visitor(house, site, token=laptop.welcome["token"]) as back:
            assert back.welcome["conversation"]["id"] == chat
            assert "identity" not in back.welcome


async def test_the_chat_from_before_follows_and_whoever_shared_it_is_cut_off(
    house: Inside,
) -> None:
    site = await site_key(house)
    async with key_of(house) as (secret, _), open_visitor(house, site) as before:
        chat = await open_chat(before, name="Somebody")
        await say(before, chat, "Who am I?", "m-1")
        planted = before.welcome["token"]
        async with open_visitor(house, site, token=planted) as thief:
            assert thief.welcome["conversation"]["id"] == chat
            mine = word(house, secret, "follows")
            async with open_visitor(house, site, token=planted, identity=mine) as known:
                assert known.welcome["conversation"]["id"] == chat
                assert known.welcome["you"]["id"] != before.welcome["you"]["id"]
                await say(known, chat, "My card number is kingfisher", "m-2")
                repeated = await say(known, chat, "Who am I?", "m-1")
                assert repeated["ok"]["duplicate"] is True
                assert await thief.close_code() == CloseCode.RESYNC
                assert await before.close_code() == CloseCode.RESYNC
                heard = [fact.get("text") for wire in (thief, before) for fact in wire.facts]
                assert "My card number is kingfisher" not in heard
        async with open_visitor(house, site, token=planted) as again:
            assert "conversation" not in again.welcome
            assert again.welcome["you"]["id"] not in (
                known.welcome["you"]["id"],
                before.welcome["you"]["id"],
            )
            asked = await again.ask({"t": "history", "conversation": chat})
            assert asked["error"]["code"] == "not_found"
            asked = await say(again, chat, "Let me in", "m-3")
            assert asked["error"]["code"] == "not_found"


async def test_of_two_open_chats_the_livelier_goes_on(house: Inside) -> None:
    site = await site_key(house)
    async with key_of(house) as (secret, _):
        mine = word(house, secret, "two-chats")
        async with open_visitor(house, site, identity=mine) as phone:
            old = await open_chat(phone)
            await say(phone, old, "On the phone", "m-1")
        house.turn(60)
        async with open_visitor(house, site) as laptop:
            new = await open_chat(laptop)
            await say(laptop, new, "On the laptop", "m-2")
        token = laptop.welcome["token"]
        mine = word(house, secret, "two-chats")
        async with open_visitor(house, site, token=phone.welcome["token"]) as back:
            assert back.welcome["conversation"]["id"] == old
            async with open_visitor(house, site, token=token, identity=mine) as known:
                assert known.welcome["conversation"]["id"] == new
            while (await back.until("state")).get("conversation") != new:
                pass
            assert "On the laptop" in await facts_of(back, new)
        async with open_agent(house, ANN) as ann:
            await ann.ask({"t": "thread", "conversation": old})
            while not ann.facts or ann.facts[-1]["kind"] != "conversation.closed":
                await ann.read()
            assert ann.facts[-1]["reason"] == "merged"


@pytest.mark.parametrize(
    ("claims", "secret", "code"),
    [
        ({}, "x" * 43, "identity_unknown_key"),
        ({"aud": "another-site"}, None, "identity_wrong_site"),
        ({"exp": 1}, None, "identity_expired"),
        ({"exp": 2**31}, None, "identity_lifetime"),
        ({"email": "no address"}, None, "identity_invalid"),
    ],
)
async def test_who_is_not_believed_comes_in_anonymous_and_is_told_why(
    house: Inside, claims: Frame, secret: str | None, code: str
) -> None:
    site = await site_key(house)
    async with key_of(house) as (real, _):
        async with open_visitor(house, site, identity=word(house, real, "victim")) as victim:
            chat = await open_chat(victim)
        forged = word(house, secret or real, "victim", **claims)
        async with open_visitor(house, site, identity=forged) as wire:
            assert wire.welcome["identity"]["code"] == code
            assert "verified" not in wire.welcome["you"]
            assert "conversation" not in wire.welcome
            answer = await wire.ask({"t": "history", "conversation": chat})
            assert answer["error"]["code"] == "not_found"


async def test_saying_a_customers_address_opens_nothing_of_theirs(house: Inside) -> None:
    site = await site_key(house)
    async with key_of(house) as (secret, _):
        mine = word(house, secret, "target", email="target@shop.example")
        async with open_visitor(house, site, identity=mine) as target:
            chat = await open_chat(target)
        async with open_visitor(house, site) as thief:
            said = {"name": "Target", "email": "target@shop.example", "phone": "+49 30 99"}
            more = {"attributes": {"sub": "target", "customer_id": "target", "verified": True}}
            assert "ok" in await thief.ask({"t": "describe", **said, **more})
            own = await open_chat(thief)
            assert own != chat
        async with open_visitor(house, site, token=thief.welcome["token"]) as thief:
            assert thief.welcome["conversation"]["id"] == own
            assert "verified" not in thief.welcome["you"]


async def test_what_a_frame_may_not_say_of_the_visitor(house: Inside) -> None:
    site = await site_key(house)
    async with open_visitor(house, site) as wire:
        for more in ({"verified": True}, {"customer_id": "1"}, {"id2": 1}, {"site_id": "x"}):
            answer = await wire.ask({"t": "describe", **more})
            assert answer["error"]["code"] == "bad_frame"
        answer = await wire.ask({"t": "describe", "email": "no", "phone": "no"})
        assert answer["error"]["fields"] == {"email": "not_an_email", "phone": "not_a_phone"}
        answer = await wire.ask({"t": "describe", "attributes": {"a": {"b": 1}}})
        assert answer["error"]["fields"] == {"attributes.a": "not_a_value"}


async def test_logging_out_ends_the_token_and_every_tab_that_had_it(house: Inside) -> None:
    site = await site_key(house)
    async with (
        key_of(house) as (secret, _),
        httpx2.AsyncClient(base_url=house.origin, trust_env=False) as client,
    ):
        mine = word(house, secret, "leaves")
        async with (
            open_visitor(house, site, identity=mine) as here,
            open_visitor(house, site, identity=mine) as there,
        ):
            chat = await open_chat(here)
            body = {"token": here.welcome["token"]}
            foreign = {"Origin": "https://evil.example"}
            answer = await client.post("/frame/leavings", json=body, headers=foreign)
            assert answer.status_code == 403
            for _ in range(2):  # again changes nothing
                own = {"Origin": house.origin}
                answer = await client.post("/frame/leavings", json=body, headers=own)
                assert answer.status_code == 204
            assert await here.close_code() == CloseCode.RESYNC
            assert await there.close_code() == CloseCode.RESYNC
        async with open_visitor(house, site, token=here.welcome["token"]) as next_one:
            assert "conversation" not in next_one.welcome
        async with open_visitor(house, site, token=there.welcome["token"]) as other_browser:
            assert other_browser.welcome["conversation"]["id"] == chat


async def test_agents_see_what_is_signed_and_what_is_only_said(house: Inside) -> None:
    site = await site_key(house)
    async with key_of(house) as (secret, owner):
        mine = word(house, secret, "shown", email="shown@shop.example", attributes={"plan": "gold"})
        async with open_visitor(house, site, identity=mine) as wire, open_agent(house, ANN) as ann:
            chat = await open_chat(wire)
            await say(wire, chat, "Hello", "m-1")
            said = {"name": "Doctor Who", "email": "evil@x.example", "attributes": {"cart": 3}}
            await wire.ask({"t": "describe", **said})
            card = await card_of(ann, wire.welcome["you"]["id"])
            assert (card["name"], card["email"]) == ("Doctor Who", "shown@shop.example")
            assert (card["customer"], card["verified"]) == ("shown", ["email"])
            known = await owner.get(f"/api/visitors/{card['id']}")
        assert known["attributes"] == {"cart": 3}
        assert known["customer"]["attributes"] == {"plan": "gold"}
        assert known["customer"]["external_id"] == "shown"
        assert [one["conversation"] for one in known["chats"]] == [chat]
        assert known["chats"][0]["text"] == "Hello"


async def card_of(ann: Wire, visitor_id: str) -> Frame:
    """The card that agents have of a visitor, once it has a name."""
    while True:
        frame = await ann.read()
        cards = [row.get("visitor") for row in frame.get("rows", [])] + [frame.get("visitor")]
        for card in cards:
            if card and card["id"] == visitor_id and card.get("name"):
                found: Frame = card
                return found
