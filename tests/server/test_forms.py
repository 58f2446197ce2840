"""Forms over real sockets: asked once, checked field by field, kept as the visitor's own words."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.inside import Inside, run_inside
from tests.support.sockets import Frame, Staff, open_agent, open_staff, open_visitor, site_key

pytestmark = pytest.mark.asyncio(loop_scope="module")

OWNER = "olivia@teahouse.example"
ANN = "ann@teahouse.example"
TOPIC = {"key": "topic", "kind": "topic", "required": True, "options": ["Orders", "Returns"]}
ORDER = {"key": "order", "kind": "text", "label": "Order number"}
FORMS = {
    "before": True,
    "offline": True,
    "fields": [
        {"key": "name", "kind": "name"},
        {"key": "email", "kind": "email", "required": True},
        TOPIC,
        ORDER,
    ],
    "consent": {"text": "I agree", "link": "https://shop.example/privacy", "version": "1"},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    async with run_inside(tmp_path_factory.mktemp("demo")) as inside:
        async with open_staff(inside, OWNER) as owner:
            await set_forms(inside, owner, FORMS)
        yield inside


async def set_forms(house: Inside, owner: Staff, forms: Frame) -> None:
    key = await site_key(house)
    (site,) = [s for s in (await owner.get("/api/sites"))["items"] if s["key"] == key]
    path = f"/api/sites/{site['id']}/widget"
    version = (await owner.get(path))["version"]
    await owner.patch(path, {"version": version, "forms": forms})


def opening(**form: object) -> Frame:
    return {"t": "open", "client_id": "open", **({"form": form} if form else {})}


async def test_the_form_is_asked_once_and_its_answers_reach_the_agents(house: Inside) -> None:
    site = await site_key(house)
    async with open_visitor(house, site) as wire:
        ask = wire.welcome["before"]
        assert [field["key"] for field in ask["fields"]] == ["name", "email", "topic", "order"]
        assert ask["fields"][2] == TOPIC
        assert ask["consent"] == FORMS["consent"]
        refused = await wire.ask(opening())
        assert refused["error"]["code"] == "form_required"
        wrong = {"email": "no", "answers": {"topic": "Other", "vip": "1"}}
        refused = await wire.ask(opening(**wrong))
        assert refused["error"]["code"] == "invalid"
        assert refused["error"]["fields"] == {
            "email": "not_an_email",
            "topic": "unknown",
            "vip": "unknown",
            "consent": "required",
        }
        good = {"name": "Vera", "email": "vera@x.example", "consent": "1"}
        answers = {"topic": "Orders", "order": "A-17"}
        assert "ok" in await wire.ask(opening(**good, answers=answers))
        visitor, token = wire.welcome["you"]["id"], wire.welcome["token"]
    async with open_visitor(house, site, token=token) as back:
        assert "before" not in back.welcome
        assert (back.welcome["you"]["name"], back.welcome["you"]["email"]) == (
            "Vera",
            "vera@x.example",
        )
    async with open_staff(house, OWNER) as owner:
        card = await owner.get(f"/api/visitors/{visitor}")
    assert (card["name"], card["email"], card["customer"]) == ("Vera", "vera@x.example", None)
    assert card["answers"] == [
        {"key": "topic", "label": "", "value": "Orders"},
        {"key": "order", "label": "Order number", "value": "A-17"},
    ]
    assert card["consent_version"] == "1"
    assert card["consent_at"]


async def test_a_new_version_is_agreed_to_anew_and_nothing_else_is_asked(house: Inside) -> None:
    site = await site_key(house)
    async with open_visitor(house, site) as wire:
        form = {"email": "vic@x.example", "consent": "1", "answers": {"topic": "Returns"}}
        chat = (await wire.ask(opening(**form)))["ok"]["conversation"]
        close = {"t": "close", "conversation": chat, "expect_seq": 1}
        assert "ok" in await wire.ask(close)
    house.turn(25 * 3600)
    async with open_staff(house, OWNER) as owner:
        newer = {**FORMS["consent"], "version": "2"}
        await set_forms(house, owner, {"consent": newer})
        try:
            async with open_visitor(house, site, token=wire.welcome["token"]) as back:
                assert back.welcome["before"] == {"fields": [], "consent": newer} or (
                    back.welcome["before"] == {"consent": newer}
                )
                refused = await back.ask(opening(consent="1"))
                assert refused["error"]["fields"] == {"consent": "changed"}
                assert "ok" in await back.ask(opening(consent="2"))
        finally:
            await set_forms(house, owner, {"consent": FORMS["consent"]})


async def test_a_message_for_later_is_an_ordinary_conversation_with_an_address(
    house: Inside,
) -> None:
    site = await site_key(house)
    async with open_visitor(house, site) as wire:
        assert wire.welcome["availability"] == "offline"
        ask = wire.welcome["offline"]
        assert [field["key"] for field in ask["fields"]] == ["name", "email"]
        assert "mails" not in ask  # this installation sends none, and does not promise any
        refused = await wire.ask(opening(offline=True, consent="1"))
        assert refused["error"]["fields"] == {"email": "required"}
        form = {"offline": True, "email": "late@x.example", "consent": "1"}
        chat = (await wire.ask(opening(**form)))["ok"]["conversation"]
        sent = {"t": "send", "conversation": chat, "client_id": "m-1", "text": "Call me"}
        assert "ok" in await wire.ask(sent)
    async with open_agent(house, ANN) as ann:
        while True:
            frame = await ann.until("inbox")
            row = next((r for r in frame["rows"] if r["conversation"] == chat), None)
            if row:
                break
        assert row["visitor"]["email"] == "late@x.example"
        assert "verified" not in row["visitor"]
        assert row["last"]["text"] == "Call me"
