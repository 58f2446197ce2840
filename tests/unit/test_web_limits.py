"""How much and how often, by a clock that tests turn."""

import pytest

from chatserver.broker.buckets import MemoryBuckets
from chatserver.errors import RateLimited, TooLarge
from chatserver.web.limits import BodyLimit, Pace, SignInLimit
from tests.support.clock import FakeClock


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def buckets(clock):
    return MemoryBuckets(clock)


async def test_a_pace_allows_a_burst_and_then_a_rate(buckets, clock):
    pace = Pace(buckets, "words", rate=2, burst=3)
    for _ in range(3):
        await pace.take("a")
    with pytest.raises(RateLimited) as caught:
        await pace.take("a")
    assert caught.value.retry_after == 0.5
    await pace.take("b")
    clock.advance(0.5)
    await pace.take("a")


async def test_asking_too_often_does_not_prolong_the_wait(buckets, clock):
    pace = Pace(buckets, "words", rate=1, burst=1)
    await pace.take("a")
    for _ in range(9):
        clock.advance(0.1)
        with pytest.raises(RateLimited):
            await pace.take("a")
    clock.advance(0.2)
    await pace.take("a")


async def test_paces_of_other_names_do_not_share_their_keys(buckets):
    for name in ("words", "deeds"):
        await Pace(buckets, name, rate=1, burst=1).take("a")


async def test_ten_failures_close_the_account_for_this_address_only(buckets, clock):
    limit = SignInLimit(buckets, attempts=10)
    for _ in range(10):
        await limit.begin("ann", "home")
    with pytest.raises(RateLimited) as caught:
        await limit.begin("ann", "home")
    assert caught.value.retry_after == 90
    await limit.begin("ann", "office")
    await limit.begin("bob", "home")
    clock.advance(90)
    await limit.begin("ann", "home")
    with pytest.raises(RateLimited):
        await limit.begin("ann", "home")


async def test_one_address_cannot_try_many_accounts(buckets):
    limit = SignInLimit(buckets, attempts=10)
    for number in range(100):
        await limit.begin(f"account {number}", "botnet")
    with pytest.raises(RateLimited):
        await limit.begin("one more", "botnet")
    await limit.begin("one more", "home")


async def test_an_address_that_may_not_try_closes_no_account(buckets, clock):
    limit = SignInLimit(buckets, attempts=1)
    for number in range(10):
        await limit.begin(f"account {number}", "botnet")
    for _ in range(3):
        with pytest.raises(RateLimited):
            await limit.begin("ann", "botnet")
    clock.advance(90)
    await limit.begin("ann", "botnet")


async def test_a_success_forgets_the_failures_of_that_account(buckets):
    limit = SignInLimit(buckets, attempts=2)
    for _ in range(5):
        await limit.begin("ann", "home")
        await limit.begin("ann", "home")
        await limit.succeeded("ann", "home")


async def test_an_attempt_that_guessed_nothing_does_not_count(buckets):
    limit = SignInLimit(buckets, attempts=1)
    for _ in range(50):
        await limit.begin("ann", "home")
        await limit.withdraw("ann", "home")
    await limit.begin("ann", "home")
    with pytest.raises(RateLimited):
        await limit.begin("ann", "home")


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
