"""The demo: seeded once, usable at every start, and a shop that proves the embed under a policy."""

from collections import Counter

import httpx2
import pytest

from chatserver.conversation import store
from chatserver.errors import BadCredentials, Rejected
from chatserver.features import csat, demo, transcripts
from chatserver.features.canned import CannedReplies
from chatserver.features.demo.seed import PEOPLE
from chatserver.ids import RandomIds
from chatserver.runner import Runner
from chatserver.storage.database import open_database
from chatserver.storage.migrate import migrate
from chatserver.web.languages import LANGUAGES
from chatserver.web.pages import Pages
from chatserver.web.static import Assets
from tests.support.clock import FakeClock
from tests.support.slices import identity_of, open_world

SHOP = "http://shop.localhost:8000"
CHAT = "http://127.0.0.1:8000"


class House:
    """An empty installation."""

    def __init__(self, database):
        self.database, self.clock, self.ids = database, FakeClock(), RandomIds()
        self.identity = identity_of(database, self.clock, self.ids)
        self.replies = CannedReplies(database=database, clock=self.clock, ids=self.ids)

    async def seed(self, origin=SHOP, password=""):
        seed = demo.Seed(
            database=self.database,
            clock=self.clock,
            ids=self.ids,
            identity=self.identity,
            add_reply=self.replies.ensure,
        )
        return await seed.run(shop_origin=origin, password=password)

    async def conversations(self):
        site = await self.site()
        async with self.database.read() as connection:
            return await store.changed_since(connection, site.workspace_id, 0, 100)

    async def site(self):
        workspace = await self.identity.installation.first_workspace()
        (site,) = await self.identity.sites.list(workspace.id)
        return site


@pytest.fixture
async def house(empty_url):
    database = open_database(empty_url)
    await migrate(database)
    yield House(database)
    await database.close()


@pytest.fixture
async def shop():
    app = demo.shop(chat_origin=CHAT, console_url=f"{CHAT}/agent/", site_key="KEY")
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url=SHOP, follow_redirects=True
    ) as client:
        yield client


async def test_an_empty_installation_becomes_a_furnished_teahouse(house):
    seeded = await house.seed()
    assert seeded.site_key == (await house.site()).key
    assert seeded.emails == tuple(email for email, _, _ in PEOPLE)
    assert len(seeded.password) >= 10
    assert Counter(state.phase for state in await house.conversations()) == {
        "closed": 7,
        "queued": 2,
        "active": 1,
    }
    _, session = await house.identity.accounts.sign_in("ann@teahouse.example", seeded.password)
    assert len(await house.replies.search(session, "", after=None, limit=100)) == 15
    assert len(await house.replies.search(session, "发货", after=None, limit=100)) == 1


async def test_seeding_again_adds_nothing_and_prints_a_password_that_works(house):
    first = await house.seed()
    before = await house.conversations()
    second = await house.seed(origin="http://shop.localhost:9000")
    assert second.site_key == first.site_key
    assert await house.conversations() == before
    assert (await house.site()).origins == ("http://shop.localhost:9000", SHOP)
    await house.identity.accounts.sign_in("wei@teahouse.example", second.password)
    with pytest.raises(BadCredentials):
        await house.identity.accounts.sign_in("wei@teahouse.example", first.password)


async def test_a_password_of_the_settings_is_taken(house):
    assert (await house.seed(password="oolong and pu'er")).password == "oolong and pu'er"
    await house.identity.accounts.sign_in("sam@teahouse.example", "oolong and pu'er")


async def test_seeding_stops_before_an_installation_in_use(database):
    with pytest.raises(Rejected):
        await House(database).seed()


async def test_the_past_becomes_transcripts(house):
    await house.seed()
    feature = transcripts.build(database=house.database, pages=Pages(Assets()), ratings=csat.store)
    runner = Runner(database=house.database, clock=house.clock, ids=house.ids, features=[feature])
    while await runner.run_once():
        pass
    _, session = await house.identity.accounts.sign_in(
        "ann@teahouse.example", (await house.seed()).password
    )
    service = transcripts.service.Transcripts(database=house.database, ratings=csat.store)
    found = await service.search(session, transcripts.model.Filter(), after=None, limit=100)
    assert len(found) == 10
    assert {one.site for one in found} == {"Teahouse"}


@pytest.mark.parametrize(
    "path", ["/", "/shop", "/shop?kind=tea", "/shop/moon-vase", "/cart", "/about"]
)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_embeds_the_widget_by_the_plain_snippet(shop, path, language):
    answer = await shop.get(path, params={**dict(httpx2.URL(path).params), "lang": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    for other in set(LANGUAGES) - {language}:
        assert f'lang={other}" lang="{other}" hreflang="{other}">' in answer.text
    snippet = f'<script async src="{CHAT}/widget.js" data-site="KEY"></script>'
    assert answer.text.count("<script") == answer.text.count(snippet) == 1
    assert " style=" not in answer.text
    assert f'href="{CHAT}/agent/"' in answer.text


async def test_the_policy_allows_the_chat_and_nothing_else(shop):
    policy = (await shop.get("/")).headers["content-security-policy"].split("; ")
    assert policy[:4] == [
        "default-src 'none'",
        f"script-src {CHAT}",
        f"frame-src {CHAT}",
        f"connect-src {CHAT}",
    ]
    assert "unsafe" not in " ".join(policy)


async def test_the_cart_remembers_counts_and_forgets(shop):
    await shop.post("/cart", data={"add": "moon-vase"})
    page = await shop.post("/cart?lang=zh-CN", data={"add": "moon-vase"})
    assert "¥1,296" in page.text
    assert "月白瓶" in page.text
    page = await shop.get("/cart", headers={"Accept-Language": "zh-HK,zh;q=0.9"})
    assert '<html lang="zh-TW">' in page.text
    assert "NT$5,760" in page.text
    page = await shop.post("/cart", data={"remove": "moon-vase"})
    assert "Nothing in it yet" in page.text


async def test_a_page_that_is_not_there_says_so_kindly(shop):
    for path in ("/shop/none", "/x"):
        answer = await shop.get(path)
        assert answer.status_code == 404
        assert "steam" in answer.text


async def test_the_service_points_to_the_shop(database, clock):
    world = await open_world(database, clock)
    async with world.browser([demo.build(shop_origin=SHOP)], None) as browser:
        answer = await browser.get("/demo/")
    assert (answer.status_code, answer.headers["location"]) == (307, f"{SHOP}/")
