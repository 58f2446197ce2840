"""Files between a visitor and an agent, over real sockets: uploaded, sent, shown to both."""

import httpx2
import pytest

from tests.support.running import run_service
from tests.support.sockets import open_agent, open_chat, open_staff, open_visitor, site_key
from tests.support.uploads import PDF, Uploader, opened, picture

ANN = "ann@teahouse.example"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with run_service(tmp_path_factory.mktemp("uploads"), upload_bytes="300000") as running:
        yield running


@pytest.fixture
async def wire(service):
    async with open_visitor(service, await site_key(service)) as opened_wire:
        yield opened_wire


def own(service):
    return {"Origin": service.origin, "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def visitor(service, wire):
    headers = own(service) | {"Authorization": f"Bearer {wire.welcome['token']}"}
    async with httpx2.AsyncClient(
        base_url=service.origin, headers=headers, trust_env=False
    ) as client:
        yield Uploader(client, "visitor")


@pytest.fixture
async def agent(service):
    async with open_staff(service, ANN) as staff:
        yield Uploader(staff.client, "agent")


async def send(wire, conversation, files, *, client_id="m1", text="", **more):
    frame = {"t": "send", "conversation": conversation, "client_id": client_id, "text": text}
    return await wire.ask({**frame, "files": files, **more})


async def seen(wire, conversation):
    """The last fact of a conversation, as this side reads it."""
    answer = await wire.ask({"t": "history", "conversation": conversation})
    return answer["ok"]["facts"][-1]


async def test_the_welcome_says_what_may_be_uploaded(wire):
    limits = wire.welcome["limits"]
    assert (limits["files"], limits["file_bytes"]) == (10, 300_000)
    assert ".png" in limits["file_types"]


async def test_a_picture_reaches_the_agent_and_a_document_the_visitor(
    service, wire, visitor, agent
):
    photo = await visitor.add(picture("JPEG", (900, 600)), "茶 cup.jpg")
    conversation = await open_chat(wire)
    assert "ok" in await send(wire, conversation, [photo["id"]])
    assert (await seen(wire, conversation))["files"] == [photo]
    assert photo == {
        "id": photo["id"],
        "name": "茶 cup.jpg",
        "type": "image/jpeg",
        "bytes": photo["bytes"],
        "width": 900,
        "height": 600,
    }
    async with open_agent(service, ANN) as console:
        fact = await seen(console, conversation)
        assert (fact["text"], fact["files"]) == ("", [photo])
        shown = await agent.get(photo["id"])
        assert len(shown.content) == photo["bytes"]
        assert opened((await agent.get(photo["id"], "preview")).content).size == (640, 427)
        bill = await agent.add(PDF, "bill.pdf")
        await send(console, conversation, [bill["id"]], text="Your bill")
    assert (await visitor.get(bill["id"])).content == PDF
    assert (await seen(wire, conversation))["files"] == [
        {"id": bill["id"], "name": "bill.pdf", "type": "application/pdf", "bytes": len(PDF)}
    ]


async def test_the_inbox_says_that_a_message_without_words_carries_files(service, wire, visitor):
    conversation = await open_chat(wire)
    await send(wire, conversation, [(await visitor.add())["id"], (await visitor.add())["id"]])
    async with open_agent(service, ANN) as console:
        row = None
        while row is None:
            inbox = await console.until("inbox")
            row = next((r for r in inbox["rows"] if r["conversation"] == conversation), None)
    assert (row["last"]["text"], row["last"]["files"]) == ("", 2)


async def test_a_note_and_its_files_stay_with_the_agents(service, wire, visitor, agent):
    conversation = await open_chat(wire)
    file = await agent.add()
    async with open_agent(service, ANN) as console:
        await send(console, conversation, [file["id"]], private=True)
        assert (await seen(console, conversation))["files"] == [file]
    assert (await seen(wire, conversation))["kind"] == "conversation.opened"
    assert await visitor.links(file["id"]) == {}
    assert list(await agent.links(file["id"])) == [file["id"]]


async def test_a_message_sent_again_takes_its_files_once(wire, visitor):
    conversation = await open_chat(wire)
    first, second = await visitor.add(), await visitor.add()
    reply = await send(wire, conversation, [first["id"]], text="Look")
    again = await send(wire, conversation, [first["id"]], text="Look")
    assert again["ok"] == reply["ok"] | {"duplicate": True}
    for others in ([second["id"]], [], [first["id"], second["id"]]):
        other = await send(wire, conversation, others, text="Look")
        assert other["error"]["code"] == "client_id_conflict"
    other = await send(wire, conversation, [first["id"]], text="Look", client_id="m2")
    assert other["error"]["code"] == "file_gone"


async def test_a_file_lives_on_through_a_restart(service, wire, visitor):
    file = await visitor.add()
    url = (await visitor.links(file["id"]))[file["id"]]["url"]
    before = (await visitor.client.get(url)).content
    service.kill()
    service.start()
    assert (await visitor.client.get(url)).content == before
    assert (await visitor.get(file["id"])).content == before
