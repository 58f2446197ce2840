"""Colleagues, roles, invitations and one's own profile."""

import asyncio
import json

import pytest

from chatserver.errors import BadTicket, ChatError
from chatserver.identity.model import Role
from tests.support.doors import PASSWORD, open_acme


@pytest.fixture
async def house(tmp_path):
    async with open_acme(tmp_path) as opened:
        yield opened


async def test_the_list_shows_the_workspace_and_nobody_else(house):
    house.statuses[house.agents["ann"].id] = "online"
    async with house.browser("ann") as browser:
        rows = (await browser.get("/api/agents")).json()["items"]
    assert [row["name"] for row in rows] == ["Olga", "Adam", "Sue", "Ann"]
    assert rows[3] == {
        "id": house.agents["ann"].id,
        "name": "Ann",
        "email": "ann@acme.example",
        "role": "agent",
        "disabled": False,
        "status": "online",
        "created_at": "2026-03-02T09:00:03Z",
    }
    assert rows[0]["status"] == "offline"


async def change(house, by, name, **body):
    async with house.browser(by) as browser:
        answer = await browser.patch(f"/api/agents/{house.agents[name].id}", json=body)
    error = answer.json().get("error", {})
    return answer.status_code, error.get("fields", {}) or error.get("code")


async def test_a_new_role_ends_the_sessions_of_the_old_one(house):
    secret, _ = await house.session("ann")
    assert await change(house, "adam", "ann", role="supervisor") == (200, None)
    assert await house.identity.sessions.find(secret) is None
    assert (f"agent:{house.agents['ann'].id}", b'{"revoked":null}') in house.hints
    fact = (await house.facts())[-1]
    assert (fact.kind, fact.author_id) == ("agent.changed", house.agents["adam"].id)
    assert "Ann" not in fact.meta
    assert "@" not in fact.meta


async def test_a_disabled_agent_is_out_at_once_and_stays_out(house):
    secret, session = await house.session("ann")
    ticket = await house.identity.tickets.issue(session)
    assert await change(house, "adam", "ann", disabled=True) == (200, None)
    assert await house.identity.sessions.find(secret) is None
    with pytest.raises(BadTicket):
        await house.identity.tickets.redeem(ticket)
    async with house.browser(html=True) as browser:
        data = {"email": "ann@acme.example", "password": PASSWORD}
        assert (await browser.post("/agent/sign-in", data=data)).status_code == 401
    assert await change(house, "adam", "ann", disabled=False) == (200, None)
    await house.identity.accounts.sign_in("ann@acme.example", PASSWORD)


@pytest.mark.parametrize(
    ("by", "name", "body", "outcome"),
    [
        ("adam", "olga", {"role": "agent"}, (403, "forbidden")),
        ("adam", "olga", {"disabled": True}, (403, "forbidden")),
        ("adam", "ann", {"role": "owner"}, (403, "forbidden")),
        ("adam", "adam", {"role": "agent"}, (400, {"role": "own_role"})),
        ("adam", "adam", {"disabled": True}, (400, {"disabled": "own_role"})),
        ("olga", "olga", {"role": "agent"}, (409, {"role": "last_owner"})),
        ("olga", "ann", {"role": "god"}, (400, {"role": "unknown"})),
        ("olga", "ann", {"email": "x@y.example"}, (400, {"email": "unknown"})),
        ("sue", "ann", {"role": "agent"}, (403, "forbidden")),
        ("rex", "ann", {"role": "agent"}, (404, "not_found")),
        ("olga", "adam", {"role": "owner"}, (200, None)),
        ("olga", "ann", {}, (200, None)),
    ],
)
async def test_who_may_change_whom(house, by, name, body, outcome):
    assert await change(house, by, name, **body) == outcome


async def test_of_two_owners_one_stays(house):
    """Both demote each other at the same time."""
    assert await change(house, "olga", "adam", role="owner") == (200, None)
    house.agents["adam"] = (await house.identity.people.list("acme"))[1]
    olga, adam = (await house.session("olga"))[1], (await house.session("adam"))[1]
    results = await asyncio.gather(
        house.identity.people.change(olga, adam.agent_id, role=Role.AGENT, disabled=None),
        house.identity.people.change(adam, olga.agent_id, role=Role.AGENT, disabled=None),
        return_exceptions=True,
    )
    assert sum(isinstance(result, ChatError) for result in results) == 1
    roles = [agent.role for agent in await house.identity.people.list("acme")]
    assert roles.count("owner") == 1


async def test_my_profile_is_mine_to_change(house):
    async with house.browser("ann") as browser:
        mine = (await browser.get("/api/me")).json()
        assert mine == {
            "id": house.agents["ann"].id,
            "name": "Ann",
            "email": "ann@acme.example",
            "role": "agent",
            "locale": "en",
            "workspace": {"id": "acme", "name": "Acme"},
        }
        changed = await browser.patch("/api/me", json={"name": " Änn\u202e ", "locale": "zh-CN"})
        assert changed.json() == mine | {"name": "Änn", "locale": "zh-CN"}
        assert (await browser.get("/api/me")).json() == changed.json()
        changed = await browser.patch("/api/me", json={"locale": "zh-TW"})
        console = await browser.get("/agent/")
        assert '<html lang="zh-TW">' in console.text
        for body, field in (({"name": ""}, "name"), ({"locale": "fr"}, "locale")):
            answer = await browser.patch("/api/me", json=body)
            assert list(answer.json()["error"]["fields"]) == [field]
        assert (await browser.patch("/api/me", json={"role": "owner"})).status_code == 400


async def invite(house, by="adam", email="bob@new.example", role="agent"):
    async with house.browser(by) as browser:
        return await browser.post("/api/invitations", json={"email": email, "role": role})


def page_of(answer):
    return answer.json()["link"].removeprefix("https://chat.example")


async def test_an_invitation_lets_one_person_in_once(house):
    answer = await invite(house)
    invitation = answer.json()
    assert answer.status_code == 201
    assert invitation["invited_by"] == house.agents["adam"].id
    assert invitation["expires_at"] == "2026-03-05T09:00:06Z"
    async with house.browser("adam") as browser:
        listed = (await browser.get("/api/invitations")).json()["items"]
    assert listed == [
        {key: value for key, value in invitation.items() if key not in ("link", "mailed")}
    ]
    async with house.browser(html=True) as browser:
        page = await browser.get(page_of(answer))
        assert "Join Acme" in page.text
        assert "bob@new.example" in page.text
        joined = await browser.post(page_of(answer), data={"name": "Bob", "password": PASSWORD})
        assert (joined.status_code, joined.headers["location"]) == (303, "/agent/")
        me = (await browser.get("/api/me")).json()
        assert (me["email"], me["role"], me["workspace"]["id"]) == (
            "bob@new.example",
            "agent",
            "acme",
        )
        assert (await browser.get(page_of(answer))).status_code == 410
        again = await browser.post(page_of(answer), data={"name": "Eve", "password": PASSWORD})
        assert again.status_code == 410
    kinds = await house.kinds()
    assert kinds[-3:] == ["agent.invited", "agent.joined", "agent.signed_in"]


async def test_an_invitation_cannot_be_edited_upward(house):
    answer = await invite(house)
    async with house.browser(html=True) as browser:
        data = {"name": "Bob", "password": PASSWORD, "role": "owner", "email": "eve@evil.example"}
        await browser.post(page_of(answer), data=data)
        me = (await browser.get("/api/me")).json()
    assert (me["role"], me["email"]) == ("agent", "bob@new.example")


async def test_a_link_ends_after_three_days_when_withdrawn_or_replaced(house):
    old = await invite(house)
    new = await invite(house)
    async with house.browser("adam") as browser:
        assert (await browser.get(page_of(old))).status_code == 410
        assert (await browser.get(page_of(new))).status_code == 200
        path = f"/api/invitations/{new.json()['id']}"
        assert (await browser.delete(path)).status_code == 204
        assert (await browser.delete(path)).status_code == 404
        assert (await browser.get(page_of(new))).status_code == 410
        third = await invite(house)
        house.clock.advance(hours=71.9)
        assert (await browser.get(page_of(third))).status_code == 200
        house.clock.advance(hours=0.2)
        assert (await browser.get(page_of(third))).status_code == 410
    async with house.browser("olga") as browser:
        assert (await browser.get("/api/invitations")).json()["items"] == []


@pytest.mark.parametrize(
    ("by", "email", "role", "outcome"),
    [
        ("adam", "bob@new.example", "owner", (403, {})),
        ("olga", "bob@new.example", "owner", (201, {})),
        ("adam", "ann@acme.example", "agent", (400, {"email": "taken"})),
        ("adam", "nonsense", "agent", (400, {"email": "not_an_email"})),
        ("adam", "bob@new.example", "god", (400, {"role": "unknown"})),
        ("sue", "bob@new.example", "agent", (403, {})),
    ],
)
async def test_who_may_be_invited_as_what(house, by, email, role, outcome):
    answer = await invite(house, by, email, role)
    assert (answer.status_code, answer.json().get("error", {}).get("fields", {})) == outcome


async def test_a_known_person_joins_with_their_own_password(house):
    answer = await invite(house, email="rita@rival.example")
    async with house.browser(html=True) as browser:
        assert "You have an account already" in (await browser.get(page_of(answer))).text
        wrong = await browser.post(page_of(answer), data={"name": "X", "password": "my new words"})
        assert wrong.status_code == 401
        right = await browser.post(page_of(answer), data={"password": PASSWORD})
        assert right.status_code == 303
        me = (await browser.get("/api/me")).json()
        assert (me["name"], me["role"], me["workspace"]["id"]) == ("Rita", "agent", "acme")
    _, session = await house.identity.accounts.sign_in(
        "rita@rival.example", PASSWORD, workspace_id="rival"
    )
    assert (session.workspace_id, session.role) == ("rival", "admin")
    _, session = await house.identity.accounts.sign_in("rita@rival.example", PASSWORD)
    assert session.workspace_id == "rival"


async def test_a_wrong_name_or_password_keeps_the_invitation(house):
    answer = await invite(house)
    async with house.browser(html=True) as browser:
        page = await browser.post(page_of(answer), data={"name": "", "password": "short"})
        assert page.status_code == 400
        assert page.text.count("aria-invalid") == 2
        assert (await browser.get(page_of(answer))).status_code == 200


async def test_two_who_follow_one_link_become_one_agent(house):
    secret = page_of(await invite(house)).rpartition("/")[2]
    results = await asyncio.gather(
        *(
            house.identity.invitations.accept(secret, name="Bob", password=PASSWORD)
            for _ in range(3)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(result, tuple) for result in results) == 1


async def test_links_come_from_the_settings_whatever_the_host_says(house):
    async with house.browser("adam") as browser:
        answer = await browser.post(
            "/api/invitations",
            json={"email": "bob@new.example", "role": "agent"},
            headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
        )
    assert answer.json()["link"].startswith("https://chat.example/invitations/")


async def test_a_ticket_opens_one_socket_once_within_half_a_minute(house):
    async with house.browser("ann") as browser:
        first, second, third = [
            (await browser.post("/api/tickets")).json()["ticket"] for _ in range(3)
        ]
    redeem = house.identity.tickets.redeem
    assert (await redeem(first)).agent_id == house.agents["ann"].id
    house.clock.advance(29)
    assert (await redeem(second)).name == "Ann"
    house.clock.advance(2)
    for ticket in (first, second, third, "", "x" * 10_000, third[:-1], "noise.noise"):
        with pytest.raises(BadTicket):
            await redeem(ticket)


async def test_a_ticket_ends_with_its_session(house):
    _, session = await house.session("ann")
    ticket = await house.identity.tickets.issue(session)
    await house.identity.sessions.end(session)
    with pytest.raises(BadTicket):
        await house.identity.tickets.redeem(ticket)


async def test_no_secret_is_stored(house):
    """Cookies, tickets, links and visitor tokens are kept as digests alone."""
    secret, session = await house.session("ann")
    ticket = await house.identity.tickets.issue(session)
    link = page_of(await invite(house)).rpartition("/")[2]
    token = (await house.identity.visitors.arrive(house.sites["acme"].key)).token
    async with house.database.read() as connection:
        names = await connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type='table'"
        )
        rows = [
            (await connection.exec_driver_sql(f'SELECT * FROM "{name}"')).all()  # noqa: S608
            for (name,) in names.all()
        ]
    stored = json.dumps(rows, default=str)
    assert "ann@acme.example" in stored
    for text in (secret, ticket, link, token, PASSWORD):
        assert text not in stored
