"""The visitor who left: one mail with what was answered, and a link that leads back once."""

import re

import pytest
from msgspec.structs import replace

from chatserver.conversation.commands import MarkRead, SendMessage
from chatserver.features import absent, mail
from chatserver.features.absent import store
from chatserver.identity import site_store, visitor_store
from chatserver.ids import digest
from chatserver.runner import Runner
from chatserver.storage import timers
from tests.support.mail import mail_server
from tests.support.slices import ORIGIN, SETTINGS, guest, open_world, staff

LIMIT = 120


class Stage:
    """The world with its post, and vera who is there or not."""

    def __init__(self, world, port, **settings):
        chosen = {"mail_from": "Shop <chat@shop.example>", "smtp_host": "127.0.0.1"} | settings
        known = {"smtp_port": port, "smtp_security": "none", "smtp_seconds": 5.0}
        self.settings = type(SETTINGS)(secret_key=SETTINGS.secret_key, **known | chosen)
        self.world, self.online = world, set()
        self.mails = mail.build(
            database=world.database, clock=world.clock, ids=world.ids, settings=self.settings
        )
        self.feature = absent.build(
            database=world.database,
            clock=world.clock,
            identity=world.identity,
            settings=self.settings,
            pages=world.pages,
            neighbours=absent.Neighbours(
                is_absent=lambda workspace, visitor: (workspace, visitor) not in self.online,
                contact=email_of,
                remind=self.mails.action.remind if self.mails.action.is_on else None,
            ),
        )
        self.runner = Runner(
            database=world.database,
            clock=world.clock,
            ids=world.ids,
            features=[self.feature, self.mails.feature],
        )

    async def answer(self, state, *texts, private=False, quote=None):
        for text in texts:
            command = SendMessage(self.world.ids.new(), text, private, quote=quote)
            await self.world.do(staff(self.world.ann), command, state.id)

    async def settle(self, seconds=0.0):
        """Time passes in steps in which timers ring, and the post carries."""
        for _ in range(int(seconds // 10) + 1):
            while await self.runner.run_once():
                pass
            await self.mails.post.carry_all()
            self.world.clock.advance(10)

    async def back(self):
        """Vera comes by."""
        values = {"seen_at": self.world.clock.now()}
        async with self.world.database.write() as connection:
            await visitor_store.change(connection, "acme", "vera", values)


async def email_of(_connection, visitor):
    return visitor.email


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


@pytest.fixture
async def chat(world):
    state = await world.open()
    await world.do(guest(world.vera), SendMessage("v-1", "Anybody there?"), state.id)
    return state


def text_of(letter):
    return letter.get_body(("plain",)).get_content()


def link_of(letter):
    return re.search(r"/back/(\S+)", text_of(letter))[1]


async def test_who_left_gets_one_mail_for_a_burst(stage, server, chat):
    await stage.answer(chat, "Yes!\nTwo of them", "Both <b>green</b>")
    await stage.answer(chat, "a regular", private=True)
    await stage.settle(LIMIT - 20)
    assert server.mails == []
    await stage.answer(chat, "And a cup")
    await stage.settle(60)
    (letter,) = server.mails
    assert letter["To"] == "vera@mail.example"
    assert letter["Subject"] == "Shop answered you"
    for line in ("> Yes!", "> Two of them", "> Both <b>green</b>", "> And a cup", "Ann:"):
        assert line in text_of(letter)
    assert "regular" not in text_of(letter)
    assert "Both &lt;b&gt;green&lt;/b&gt;" in letter.get_body(("html",)).get_content()
    await stage.answer(chat, "One more")
    await stage.settle(3600)
    assert len(server.mails) == 1
    async with stage.world.database.read() as connection:
        assert await timers.find(connection, "absent", chat.id) is None


async def test_the_mail_says_what_an_answer_is_to(stage, server, chat):
    await stage.answer(chat, "Yes, I am", quote=2)
    await stage.settle(LIMIT + 60)
    (letter,) = server.mails
    assert "> > Anybody there?\n> Yes, I am" in text_of(letter).replace("\r\n", "\n")
    assert "Anybody there?" in letter.get_body(("html",)).get_content()


async def test_it_speaks_the_visitors_language(stage, server, chat):
    async with stage.world.database.write() as connection:
        await visitor_store.change(connection, "acme", "vera", {"locale": "zh-TW"})
    await stage.answer(chat, "有貨")
    await stage.settle(LIMIT + 20)
    assert server.mails[0]["Subject"] == "Shop 回覆了您"
    assert "繼續對話" in server.mails[0].get_body(("html",)).get_content()


async def test_after_coming_back_there_may_be_another_mail(stage, server, chat):
    await stage.answer(chat, "Yes")
    await stage.settle(LIMIT + 20)
    await stage.back()
    await stage.answer(chat, "Still here")
    await stage.settle(LIMIT + 20)
    assert len(server.mails) == 2
    assert "Still here" in text_of(server.mails[1])


async def test_nobody_is_written_to_who_is_there_or_was_there_or_has_read_it(stage, server, chat):
    stage.online.add(("acme", "vera"))
    await stage.answer(chat, "Yes")
    await stage.settle(3 * LIMIT)
    stage.online.clear()
    await stage.settle(LIMIT - 30)
    await stage.back()
    await stage.settle(LIMIT - 30)
    assert server.mails == []
    await stage.world.do(guest(stage.world.vera), MarkRead(9), chat.id)
    await stage.settle(2 * LIMIT)
    assert server.mails == []


async def test_who_leaves_without_having_read_it_is_written_to(stage, server, chat):
    stage.online.add(("acme", "vera"))
    await stage.answer(chat, "Yes")
    await stage.settle(3 * LIMIT)
    assert server.mails == []
    stage.online.clear()
    await stage.settle(3 * LIMIT)
    assert len(server.mails) == 1


async def test_without_an_address_or_without_mail_nothing_happens(world, server, chat):
    stage = Stage(world, server.port)
    async with world.database.write() as connection:
        await visitor_store.change(connection, "acme", "vera", {"email": None})
    await stage.answer(chat, "Yes")
    await stage.settle(3 * LIMIT)
    for settings in ({"mail_from": "", "smtp_host": ""}, {"absent_mail_seconds": 0}):
        assert Stage(world, server.port, **settings).feature.reactors == {}
    assert server.mails == []


async def test_an_address_that_no_mail_reaches_disturbs_nobody(stage, server, chat):
    async with stage.world.database.write() as connection:
        await visitor_store.change(connection, "acme", "vera", {"email": "vera@bücher.example"})
    await stage.answer(chat, "Yes")
    await stage.settle(3 * LIMIT)
    assert server.mails == []
    assert not stage.runner.failures


# The link


async def mailed(stage, server, chat):
    await stage.answer(chat, "Yes")
    await stage.settle(LIMIT + 20)
    return link_of(server.mails[-1])


async def test_the_link_leads_to_the_page_of_the_chat_and_makes_vera_known_there(
    stage, server, chat
):
    async with stage.world.database.write() as connection:
        page = {"page_url": "https://shop.example/tea?x=1"}
        await visitor_store.change(connection, "acme", "vera", page)
    secret = await mailed(stage, server, chat)
    async with stage.world.browser([stage.feature], None) as browser:
        answer = await browser.get(f"/back/{secret}")
        assert answer.status_code == 303
        assert answer.headers["location"] == f"https://shop.example/tea?x=1#chat-resume={secret}"
        assert answer.headers["referrer-policy"] == "no-referrer"
        again = await browser.get(f"/back/{secret}")  # a mail server looked at it, say
        assert again.status_code == 303
        asked = {"site": stage.world.site.key, "link": secret}
        token = (await browser.post("/frame/resume", json=asked)).json()["token"]
        visitor = await stage.world.identity.visitors.of_token(token)
        assert visitor.id == "vera"
        twice = await browser.post("/frame/resume", json=asked)
        assert (twice.status_code, twice.json()["error"]["code"]) == (410, "gone")
        over = await browser.get(f"/back/{secret}", headers={"Accept": "text/html"})
        assert over.status_code == 410
        assert 'href="https://shop.example/tea?x=1"' in over.text


async def test_a_page_that_is_not_the_sites_leads_to_the_chats_own(stage, server, chat):
    async with stage.world.database.write() as connection:
        page = {"page_url": "https://elsewhere.example/"}
        await visitor_store.change(connection, "acme", "vera", page)
    secret = await mailed(stage, server, chat)
    async with stage.world.browser([stage.feature], None) as browser:
        answer = await browser.get(f"/back/{secret}")
    home = f"{ORIGIN}/chat/{stage.world.site.key}"
    assert answer.headers["location"] == f"{home}#chat-resume={secret}"


async def test_a_link_ends_and_is_kept_as_a_digest_alone(stage, server, chat):
    secret = await mailed(stage, server, chat)
    async with stage.world.database.read() as connection:
        link = await store.find_link(connection, digest(secret))
        assert (link.visitor_id, link.conversation_id) == ("vera", chat.id)
        assert await store.find_link(connection, secret) is None
    stage.world.clock.advance(hours=24 * stage.settings.resume_link_days)
    async with stage.world.browser([stage.feature], None) as browser:
        assert (await browser.get(f"/back/{secret}")).status_code == 410
        asked = {"site": stage.world.site.key, "link": secret}
        assert (await browser.post("/frame/resume", json=asked)).status_code == 410
        for unknown in ("x", "x" * 101, "../x"):
            assert (await browser.get(f"/back/{unknown}")).status_code in (404, 410)


async def test_the_exchange_is_the_panels_and_of_its_own_site(stage, server, chat):
    secret = await mailed(stage, server, chat)
    async with stage.world.browser([stage.feature], None) as browser:
        asked = {"site": "key-of-stall", "link": secret}
        assert (await browser.post("/frame/resume", json=asked)).status_code == 410
        asked = {"site": stage.world.site.key, "link": secret}
        foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        refused = await browser.post("/frame/resume", json=asked, headers=foreign)
        assert refused.json()["error"]["code"] == "bad_origin"
        assert (await browser.post("/frame/resume", json=asked)).status_code == 200


async def test_a_link_does_not_lead_into_what_the_visitor_was_identified_as(stage, server, chat):
    secret = await mailed(stage, server, chat)
    async with stage.world.database.write() as connection:
        await visitor_store.change(connection, "acme", "vera", {"customer_id": "c-1"})
    async with stage.world.browser([stage.feature], None) as browser:
        asked = {"site": stage.world.site.key, "link": secret}
        assert (await browser.post("/frame/resume", json=asked)).status_code == 410


async def test_a_disabled_sites_link_leads_nowhere(stage, server, chat):
    secret = await mailed(stage, server, chat)
    async with stage.world.database.write() as connection:
        await site_store.replace(connection, replace(stage.world.site, enabled=False))
    async with stage.world.browser([stage.feature], None) as browser:
        over = await browser.get(f"/back/{secret}", headers={"Accept": "text/html"})
    assert (over.status_code, "/chat/" in over.text) == (410, False)


# No more mails


async def test_who_wants_no_more_mails_is_asked_once_more_and_then_left_alone(stage, server, chat):
    await mailed(stage, server, chat)
    (letter,) = server.mails
    address = re.search(r"/no-mail/(\S+)", text_of(letter))[0]
    assert letter["List-Unsubscribe"].endswith(f"{address}>")
    async with stage.world.browser([stage.feature], None) as browser:
        page = await browser.get(f"{address}?lang=zh-CN", headers={"Accept": "text/html"})
        assert "是的，不再发送" in page.text
        await stage.back()
        await stage.answer(chat, "Asking alone stops nothing")
        await stage.settle(LIMIT + 20)
        assert len(server.mails) == 2
        done = await browser.post(address, headers={"Accept": "text/html"})
        assert "You will get no more mails" in done.text
        assert (await browser.post(address)).status_code == 200
        forged = address[:-2] + ("AA" if address[-2:] != "AA" else "BB")
        assert (await browser.get(forged)).status_code == 404
    await stage.back()
    await stage.answer(chat, "Nobody reads this")
    await stage.settle(3 * LIMIT)
    assert len(server.mails) == 2
