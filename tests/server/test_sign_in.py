"""Signing in and out: who gets in, how often somebody may try, what ends a session."""

import asyncio
import json
import time

import pytest

from chatserver.errors import BadCredentials, Invalid, NotFound
from chatserver.identity import person_store
from chatserver.identity.passwords import Passwords
from tests.support.doors import PASSWORD, SAME_ORIGIN, open_acme

SIGN_IN = "/agent/sign-in"


@pytest.fixture
async def house(tmp_path):
    async with open_acme(tmp_path) as opened:
        yield opened


def form(email="ann@acme.example", password=PASSWORD, **more):
    return {"email": email, "password": password, **more}


async def test_the_right_password_opens_the_console(house):
    async with house.browser(html=True) as browser:
        answer = await browser.post(SIGN_IN, data=form(" Ann@Acme.Example "))
        assert (answer.status_code, answer.headers["location"]) == (303, "/agent/")
        page = await browser.get("/agent/")
        assert page.status_code == 200
        assert '"email":"ann@acme.example"' in page.text
    assert (await house.kinds())[-1] == "agent.signed_in"


async def test_the_cookie_is_host_bound_and_out_of_reach(house):
    async with house.browser() as browser:
        answer = await browser.post(SIGN_IN, data=form())
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-session=")
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= set(cookie.split("; "))
    assert "domain" not in cookie


async def test_plain_http_has_a_cookie_of_another_name(tmp_path):
    async with (
        open_acme(tmp_path, public_url="http://127.0.0.1:8000") as house,
        house.browser(Origin="http://127.0.0.1:8000") as browser,
    ):
        answer = await browser.post(SIGN_IN, data=form())
    assert answer.headers["set-cookie"].startswith("chat_session=")
    assert "secure" not in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "data",
    [
        form(password="five words in a row"),
        form(password=""),
        form(email="nobody@acme.example"),
        form(email="not an address"),
        form(email=""),
        form(password="x" * 100_000),
        {},
    ],
)
async def test_every_failure_looks_the_same(house, data):
    async with house.browser(html=True) as browser:
        answer = await browser.post(SIGN_IN, data=data)
    assert answer.status_code == 401
    assert "The e-mail address or the password is wrong." in answer.text
    assert "set-cookie" not in answer.headers
    assert PASSWORD not in answer.text


async def test_an_unknown_account_takes_as_long_as_a_wrong_password(house):
    async def seconds(email):
        began = time.perf_counter()
        with pytest.raises(BadCredentials):
            await house.identity.accounts.sign_in(email, "five words in a row")
        return time.perf_counter() - began

    known = min([await seconds("ann@acme.example") for _ in range(5)])
    unknown = min([await seconds("nobody@acme.example") for _ in range(5)])
    assert abs(known - unknown) < 0.05


async def test_what_was_typed_is_shown_as_text(house):
    battery = '"><script>alert(1)</script>'
    async with house.browser(html=True) as browser:
        answer = await browser.post(SIGN_IN, data=form(battery, next=battery, workspace=battery))
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


async def test_the_eleventh_try_has_to_wait(house):
    async with house.browser(html=True) as browser:
        for _ in range(10):
            await browser.post(SIGN_IN, data=form(password="wrong"))
        answer = await browser.post(SIGN_IN, data=form())
        assert answer.status_code == 429
        assert "2 min" in answer.text
        other = await browser.post(SIGN_IN, data=form("adam@acme.example"))
        assert other.status_code == 303
        house.clock.advance(90)
        assert (await browser.post(SIGN_IN, data=form())).status_code == 303


async def test_guesses_sent_all_at_once_are_counted_too(house):
    async with house.browser() as browser:
        answers = await asyncio.gather(
            *(browser.post(SIGN_IN, data=form(password=f"guess {n}")) for n in range(30))
        )
    assert [answer.status_code for answer in answers].count(401) == 10
    assert [answer.status_code for answer in answers].count(429) == 20


async def test_a_spoofed_address_does_not_help(house):
    async with house.browser() as browser:
        answers = [
            await browser.post(
                SIGN_IN, data=form(password="x"), headers={"X-Forwarded-For": f"192.0.2.{n}"}
            )
            for n in range(11)
        ]
    assert answers[-1].status_code == 429


async def test_the_session_changes_at_every_sign_in(house):
    async with house.browser() as browser:
        first = (await browser.post(SIGN_IN, data=form())).cookies["__Host-session"]
        second = (await browser.post(SIGN_IN, data=form())).cookies["__Host-session"]
    assert first != second
    assert await house.identity.sessions.find(first) is None
    assert await house.identity.sessions.find(second) is not None


async def test_a_planted_session_is_not_adopted(house):
    async with house.browser() as browser:
        browser.cookies.set("__Host-session", "planted")
        answer = await browser.post(SIGN_IN, data=form())
    assert answer.cookies["__Host-session"] != "planted"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {},
    ],
)
async def test_another_website_cannot_sign_somebody_in(house, headers):
    async with house.browser() as browser:
        for name in SAME_ORIGIN:
            del browser.headers[name]
        answer = await browser.post(SIGN_IN, data=form(), headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "bad_origin")
    assert "set-cookie" not in answer.headers


async def test_signing_out_ends_the_session_and_its_sockets(house):
    async with house.browser("ann") as browser:
        answer = await browser.post("/agent/sign-out")
        assert answer.status_code == 204
        assert '__Host-session=""' in answer.headers["set-cookie"]
        assert (await browser.get("/api/me")).status_code == 401
    topic, hint = house.hints[-1]
    assert topic == f"agent:{house.agents['ann'].id}"
    assert json.loads(hint)["revoked"] is not None


async def test_twelve_idle_hours_end_a_session(house):
    async with house.browser("ann") as browser:
        house.clock.advance(hours=11.9)
        assert (await browser.get("/api/me")).status_code == 200
        house.clock.advance(hours=11.9)
        assert (await browser.get("/api/me")).status_code == 200
        house.clock.advance(hours=12.1)
        assert (await browser.get("/api/me")).status_code == 401


async def test_a_session_is_written_at_most_once_a_minute(house):
    secret, _ = await house.session("ann")
    sessions = house.identity.sessions
    house.clock.advance(minutes=1)
    await sessions.find(secret)
    writes = []
    house.database.write = lambda: writes.append(1) or pytest.fail("a second write")
    house.clock.advance(59)
    assert await sessions.find(secret) is not None
    assert writes == []


async def test_a_changed_password_ends_all_other_sessions(house):
    other, _ = await house.session("ann")
    async with house.browser("ann") as browser:
        body = {"current": PASSWORD, "new": "another four good words"}
        assert (await browser.put("/api/me/password", json=body)).status_code == 204
        assert (await browser.get("/api/me")).status_code == 200
    assert await house.identity.sessions.find(other) is None
    assert len([topic for topic, _ in house.hints if topic.startswith("agent:")]) == 1
    with pytest.raises(BadCredentials):
        await house.identity.accounts.sign_in("ann@acme.example", PASSWORD)
    await house.identity.accounts.sign_in("ann@acme.example", "another four good words")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"current": "wrong", "new": "another four good words"}, {"current": "unknown"}),
        ({"current": PASSWORD, "new": "short"}, {"new": "too_short"}),
        ({"current": PASSWORD, "new": "password123"}, {"new": "too_common"}),
    ],
)
async def test_a_password_is_changed_by_who_knows_it_to_a_good_one(house, body, fields):
    async with house.browser("ann") as browser:
        answer = await browser.put("/api/me/password", json=body)
    assert (answer.status_code, answer.json()["error"]["fields"]) == (400, fields)


async def test_a_stolen_session_cannot_guess_the_password(house):
    async with house.browser("ann") as browser:
        body = {"current": "wrong", "new": "another four good words"}
        answers = [await browser.put("/api/me/password", json=body) for _ in range(11)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "90"


async def test_an_old_hash_is_renewed_at_the_next_sign_in(house):
    old = await Passwords(memory_kib=16, rounds=2).hash(PASSWORD)
    ann = house.agents["ann"].person_id
    async with house.database.write() as connection:
        await person_store.change_person(connection, ann, password_hash=old)
    await house.identity.accounts.sign_in("ann@acme.example", PASSWORD)
    async with house.database.read() as connection:
        person = await person_store.by_id(connection, ann)
    assert person.password_hash != old
    await house.identity.accounts.sign_in("ann@acme.example", PASSWORD)


async def test_a_signed_out_visitor_of_the_console_is_shown_the_way_back(house):
    async with house.browser(html=True) as browser:
        answer = await browser.get("/agent/inbox/abc")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/agent/sign-in?next=/agent/inbox/abc"
        page = await browser.get(answer.headers["location"])
        assert 'name="next" value="/agent/inbox/abc"' in page.text
        signed_in = await browser.post(SIGN_IN, data=form(next="/agent/inbox/abc"))
        assert signed_in.headers["location"] == "/agent/inbox/abc"


async def test_whoever_runs_the_server_sets_a_new_password(house):
    secret, _ = await house.session("ann")
    accounts = house.identity.accounts
    with pytest.raises(Invalid):
        await accounts.reset_password("ann@acme.example", "short")
    with pytest.raises(NotFound):
        await accounts.reset_password("nobody@acme.example", "another four good words")
    await accounts.reset_password("Ann@acme.example", "another four good words")
    assert await house.identity.sessions.find(secret) is None
    assert house.hints[-1][0] == f"agent:{house.agents['ann'].id}"
    assert (await house.kinds())[-1] == "agent.password_changed"
    await accounts.sign_in("ann@acme.example", "another four good words")


async def test_an_operator_lets_somebody_try_again_at_once(house):
    """Without waiting a quarter of an hour, and without a new password."""
    async with house.browser() as browser:
        for _ in range(11):
            answer = await browser.post(SIGN_IN, data=form(password="five wrong words here"))
        assert answer.status_code == 429
        assert (await browser.post(SIGN_IN, data=form())).status_code == 429
        await house.identity.accounts.unlock("Ann@acme.example")
        assert (await browser.post(SIGN_IN, data=form())).status_code == 303
    assert "agent.unlocked" in await house.kinds()


async def test_a_forgiven_account_is_guarded_as_before(house):
    """Each pardon is one more set of tries, not an open door."""
    async with house.browser() as browser:
        await house.identity.accounts.unlock("ann@acme.example")
        answers = [
            await browser.post(SIGN_IN, data=form(password="five wrong words here"))
            for _ in range(12)
        ]
    assert [answer.status_code for answer in answers[-2:]] == [429, 429]


async def test_only_somebody_who_may_sign_in_can_be_unlocked(house):
    for email in ("nobody@acme.example", "not an address"):
        with pytest.raises((NotFound, Invalid)):
            await house.identity.accounts.unlock(email)
