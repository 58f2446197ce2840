"""How much and how often, by a clock that tests turn."""

import pytest

from chatserver.errors import RateLimited, TooLarge
from chatserver.web import limits
from chatserver.web.limits import BodyLimit, Buckets, SignInLimit
from tests.support.clock import FakeClock


@pytest.fixture
def clock():
    return FakeClock()


def test_a_bucket_allows_a_burst_and_then_a_rate(clock):
    buckets = Buckets(clock=clock, rate=2, burst=3)
    for _ in range(3):
        buckets.take("a")
    with pytest.raises(RateLimited) as caught:
        buckets.take("a")
    assert caught.value.retry_after == 0.5
    buckets.take("b")
    clock.advance(0.5)
    buckets.take("a")


def test_asking_too_often_does_not_prolong_the_wait(clock):
    buckets = Buckets(clock=clock, rate=1, burst=1)
    buckets.take("a")
    for _ in range(9):
        clock.advance(0.1)
        with pytest.raises(RateLimited):
            buckets.take("a")
    clock.advance(0.2)
    buckets.take("a")


def test_memory_is_bounded_however_many_ask(clock, monkeypatch):
    monkeypatch.setattr(limits, "MOST_KEYS", 10)
    buckets, sign_ins = Buckets(clock=clock, rate=1, burst=1), SignInLimit(clock=clock, attempts=3)
    for number in range(100):
        buckets.take(f"{number}")
        sign_ins.begin(f"{number}", f"{number}")
    assert len(buckets._levels) == 10
    assert len(sign_ins._failures) == 10


def test_ten_failures_close_the_account_for_this_address_only(clock):
    limit = SignInLimit(clock=clock, attempts=10)
    for _ in range(10):
        limit.begin("ann", "home")
        clock.advance(6)
    with pytest.raises(RateLimited) as caught:
        limit.begin("ann", "home")
    assert caught.value.retry_after == 14 * 60
    limit.begin("ann", "office")
    limit.begin("bob", "home")
    clock.advance(14 * 60 + 1)
    limit.begin("ann", "home")


def test_one_address_cannot_try_many_accounts(clock):
    limit = SignInLimit(clock=clock, attempts=10)
    for number in range(100):
        limit.begin(f"account {number}", "botnet")
    with pytest.raises(RateLimited):
        limit.begin("one more", "botnet")
    limit.begin("one more", "home")


def test_a_success_forgets_the_failures_of_that_account(clock):
    limit = SignInLimit(clock=clock, attempts=2)
    for _ in range(5):
        limit.begin("ann", "home")
        limit.begin("ann", "home")
        limit.succeeded("ann", "home")


def test_an_attempt_that_guessed_nothing_does_not_count(clock):
    limit = SignInLimit(clock=clock, attempts=1)
    for _ in range(50):
        limit.begin("ann", "home")
        limit.withdraw("ann", "home")
    limit.begin("ann", "home")
    with pytest.raises(RateLimited):
        limit.begin("ann", "home")


async def run_limit(chunks, most=10, headers=()):
    """Bytes that got through, or TooLarge."""
    waiting = [{"type": "http.request", "body": c, "more_body": True} for c in chunks]
    waiting.append({"type": "http.request", "body": b""})
    got = []

    async def app(scope, receive, send):
        while (message := await receive()).get("more_body"):
            got.append(message["body"])

    async def receive():
        return waiting.pop(0)

    await BodyLimit(app, most_bytes=most)({"type": "http", "headers": headers}, receive, None)
    return b"".join(got)


async def test_a_body_within_the_limit_passes():
    assert await run_limit([b"12345", b"67890"]) == b"1234567890"


@pytest.mark.parametrize("headers", [(), [(b"content-length", b"3")], [(b"content-length", b"-1")]])
async def test_a_body_is_stopped_while_it_streams(headers):
    with pytest.raises(TooLarge):
        await run_limit([b"12345", b"67890", b"x"], headers=headers)


async def test_an_announced_body_is_refused_unread():
    with pytest.raises(TooLarge):
        await run_limit([], headers=[(b"content-length", b"11")])
