"""What admins see and do of mail over HTTP, and the invitation that is mailed."""

import pytest

from chatserver.runner import Runner
from tests.support.doors import open_acme
from tests.support.mail import PASSWORD, mail_server
from tests.support.mail_stage import HELLO, Stage
from tests.support.slices import open_world

OUTBOX = "/api/mail/outbox"


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


async def test_the_status_tells_all_but_the_password(world, server):
    stage = Stage(world, server.port, smtp_user="post", smtp_password=PASSWORD)
    await stage.send()
    async with world.browser([stage.slice.feature], world.ann) as browser:
        answer = await browser.get("/api/mail/status")
    assert answer.json() == {
        "configured": True,
        "from": "Shop <chat@shop.example>",
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "counts": {"queued": 1, "sent": 0, "failed": 0},
    }
    assert PASSWORD not in answer.text


async def test_an_unconfigured_service_says_so_and_takes_no_test(world):
    stage = Stage(world, 0, smtp_host="", mail_from="")
    async with world.browser([stage.slice.feature], world.ann) as browser:
        status = (await browser.get("/api/mail/status")).json()
        assert (status["configured"], status["port"], status["security"]) == (False, None, None)
        assert (await browser.post("/api/mail/test")).status_code == 409


async def test_a_test_mail_goes_to_whoever_asks(stage, server):
    world = stage.world
    async with world.browser([stage.slice.feature], world.ann, "zh-CN") as browser:
        answer = await browser.post("/api/mail/test")
        assert answer.status_code == 202
        await stage.settle()
        (found,) = server.mails
        assert (found["To"], found["Subject"]) == (world.ann.email, "邮件发送正常")
        (shown,) = (await browser.get(OUTBOX)).json()["items"]
        assert shown == answer.json() | {
            "state": "sent",
            "attempts": 1,
            "next_at": None,
            "updated_at": shown["updated_at"],
        }


async def test_a_failure_is_shown_and_tried_again_by_hand(stage, server):
    server.recipients[:] = ["550 no such mailbox"]
    letter_id = await stage.send()
    await stage.settle()
    world = stage.world
    async with world.browser([stage.slice.feature], world.ann) as browser:
        (shown,) = (await browser.get(f"{OUTBOX}?state=failed")).json()["items"]
        assert (shown["id"], shown["error"]) == (letter_id, "550 no such mailbox")
        assert "Hello Bo" not in str(shown)
        body = {"state": "queued"}
        again = (await browser.patch(f"{OUTBOX}/{letter_id}", json=body)).json()
        assert (again["state"], again["attempts"]) == ("queued", 0)
        await stage.settle()
        assert [f["Message-ID"] for f in server.mails] == [f"<{letter_id}@shop.example>"]
        sent = await browser.patch(f"{OUTBOX}/{letter_id}", json=body)
        assert (sent.status_code, sent.json()["error"]["code"]) == (409, "rejected")


async def test_a_discarded_letter_is_gone(stage, server):
    letter_id = await stage.send()
    world = stage.world
    async with world.browser([stage.slice.feature], world.ann) as browser:
        assert (await browser.delete(f"{OUTBOX}/{letter_id}")).status_code == 204
        assert (await browser.delete(f"{OUTBOX}/{letter_id}")).status_code == 404
    await stage.settle(hours=1)
    assert (server.mails, await stage.letters(), await stage.timers()) == ([], [], [])


async def test_another_workspaces_letters_do_not_exist(stage):
    letter_id = await stage.send(HELLO, "rival")
    world = stage.world
    async with world.browser([stage.slice.feature], world.ann) as browser:
        assert (await browser.get(OUTBOX)).json()["items"] == []
        body = {"state": "queued"}
        assert (await browser.patch(f"{OUTBOX}/{letter_id}", json=body)).status_code == 404
        assert (await browser.delete(f"{OUTBOX}/{letter_id}")).status_code == 404


async def test_the_outbox_is_read_page_by_page(stage):
    ids = [await stage.send() for _ in range(3)]
    stage.world.clock.advance(seconds=1)
    ids.append(await stage.send())
    world = stage.world
    async with world.browser([stage.slice.feature], world.ann) as browser:
        first = (await browser.get(f"{OUTBOX}?limit=2")).json()
        rest = (await browser.get(f"{OUTBOX}?limit=2&cursor={first['next']}")).json()
        assert first["items"][0]["id"] == ids[3]
        assert {row["id"] for row in first["items"] + rest["items"]} == set(ids)
        assert rest["next"] is None
        assert (await browser.get(f"{OUTBOX}?state=lost")).status_code == 400


async def test_agents_below_admin_see_nothing_of_mail(stage):
    world = stage.world
    async with world.browser([stage.slice.feature], world.bob) as browser:
        for path in ("/api/mail/status", OUTBOX):
            assert (await browser.get(path)).status_code == 403


# Invitations

MAIL = {"mail_from": "Shop <chat@shop.example>", "smtp_host": "127.0.0.1", "smtp_security": "none"}
BO = {"email": "bo@new.example", "role": "agent"}


async def deliver(house):
    runner = Runner(
        database=house.database, clock=house.clock, ids=house.ids, features=[house.mails.feature]
    )
    while await runner.run_once():
        pass
    await house.mails.post.carry_all()


async def test_an_invitation_is_mailed_and_its_link_still_shown(tmp_path, server):
    async with open_acme(tmp_path, **MAIL, smtp_port=server.port) as house:
        async with house.browser("adam") as browser:
            shown = (await browser.post("/api/invitations", json=BO)).json()
        assert shown["mailed"] is True
        await deliver(house)
        (found,) = server.mails
        assert (found["To"], found["Subject"]) == (BO["email"], "Adam invites you to Acme")
        for form in ("plain", "html"):
            assert shown["link"] in found.get_body((form,)).get_content()
        async with house.browser() as browser:
            assert (await browser.get(shown["link"])).status_code == 200


async def test_an_invitation_speaks_as_the_console_of_who_invites(tmp_path, server):
    async with open_acme(tmp_path, **MAIL, smtp_port=server.port) as house:
        taiwan = {"Accept-Language": "zh-TW,zh;q=0.9"}
        async with house.browser("adam", **taiwan) as browser:
            await browser.post("/api/invitations", json=BO)
            await browser.patch("/api/me", json={"locale": "zh-CN"})
            await browser.post("/api/invitations", json=BO | {"email": "cy@new.example"})
        await deliver(house)
        subjects = {mail["To"]: mail["Subject"] for mail in server.mails}
    assert subjects == {
        BO["email"]: "Adam 邀請您加入 Acme",
        "cy@new.example": "Adam 邀请您加入 Acme",
    }


async def test_without_mail_the_link_goes_by_hand(tmp_path):
    async with open_acme(tmp_path) as house, house.browser("adam") as browser:
        shown = (await browser.post("/api/invitations", json=BO)).json()
        assert shown["mailed"] is False
        assert shown["link"].startswith("https://chat.example/invitations/")
        listed = (await browser.get("/api/invitations")).json()["items"]
        assert not {"link", "mailed"} & set(listed[0])


async def test_somebody_invited_too_often_gets_no_more_mails(tmp_path, server):
    settings = MAIL | {"smtp_port": server.port, "mail_recipient_hour": 1}
    async with open_acme(tmp_path, **settings) as house, house.browser("adam") as browser:
        answers = [await browser.post("/api/invitations", json=BO) for _ in range(2)]
        assert [answer.json()["mailed"] for answer in answers] == [True, False]
        assert answers[1].status_code == 201


async def test_an_invitation_that_fails_mails_nothing(tmp_path, server):
    settings = MAIL | {"smtp_port": server.port}
    async with open_acme(tmp_path, **settings) as house, house.browser("adam") as browser:
        body = {"email": "ann@acme.example", "role": "agent"}
        assert (await browser.post("/api/invitations", json=body)).status_code == 400
        assert (await browser.get(OUTBOX)).json()["items"] == []
