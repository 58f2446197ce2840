"""Patience with clients: how fast, how often wrong, how long silent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.errors import BadFrame, RateLimited, TooManyRequests
from chatserver.protocol.codes import CloseCode
from chatserver.realtime.effects import Hang, Send
from chatserver.realtime.manners import MAX_ERRORS, MAX_STRIKES, Bucket, Manners, Patience

PATIENCE = Patience(
    rate=1.0, burst=10, hello_seconds=10, ping_seconds=25, pong_seconds=10, pending=10
)


@pytest.fixture
def manners():
    return Manners(PATIENCE, 0.0)


def refused(manners, now):
    """Sends one message too many; the error and what the session does about it."""
    with pytest.raises(RateLimited) as caught:
        manners.check_message(now)
    return caught.value, manners.refuse(caught.value, 1)


def use_up(manners, now=0.0):
    for _ in range(PATIENCE.burst):
        manners.check_message(now)


def codes(effects):
    return [effect.code for effect in effects if isinstance(effect, Hang)]


def test_a_burst_passes_and_the_next_message_is_told_when_to_come_back(manners):
    use_up(manners)
    error, effects = refused(manners, 0.0)
    assert error.temporary
    assert error.retry_after == 1.0
    assert codes(effects) == []


def test_who_waits_as_told_may_go_on(manners):
    use_up(manners)
    error, _ = refused(manners, 0.0)
    manners.check_message(error.retry_after)


@given(st.integers(1, 500), st.integers(1, 3), st.lists(st.integers(0, 9), max_size=20))
def test_whoever_keeps_to_what_was_said_is_never_refused_twice(rate, burst, pauses):
    """The stated time must never be rounded down: the next refusal would count as a strike."""
    now = 1000.0
    manners = Manners(Patience(rate / 10, burst, 10, 25, 10, 10), now)
    for pause in pauses:
        now += pause / 10
        try:
            manners.check_message(now)
        except RateLimited as error:
            now += error.retry_after or 0
            manners.check_message(now)


def test_ignoring_it_again_and_again_ends_the_connection(manners):
    use_up(manners)
    for _ in range(1 + MAX_STRIKES):
        assert codes(refused(manners, 0.0)[1]) == []
    assert codes(refused(manners, 0.0)[1]) == [CloseCode.RATE_LIMITED]


def test_a_bucket_holds_no_more_than_its_burst():
    bucket = Bucket(1.0, 3, 0.0)
    assert [bucket.take(1000.0) for _ in range(3)] == [0, 0, 0]
    assert bucket.take(1000.0) == 1.0


def test_a_bucket_without_a_rate_never_refills():
    bucket = Bucket(0.0, 1, 0.0)
    assert bucket.take(0.0) == 0
    assert bucket.take(1e9) > 0


def test_too_many_open_questions_are_refused_until_one_is_answered(manners):
    for _ in range(PATIENCE.pending):
        manners.begin_request()
    with pytest.raises(TooManyRequests):
        manners.begin_request()
    manners.end_request()
    manners.begin_request()


def test_small_frames_beyond_measure_are_dropped_and_come_back_with_time(manners):
    passed = [manners.check_small(0.0) for _ in range(100)]
    assert passed == [True] * 60 + [False] * 40
    assert manners.check_small(1.0)


def test_broken_frames_are_answered_until_it_is_too_much(manners):
    for _ in range(MAX_ERRORS):
        assert codes(manners.refuse(BadFrame())) == []
    assert codes(manners.refuse(BadFrame())) == [CloseCode.TOO_MANY_ERRORS]


def test_refused_requests_are_no_broken_frames(manners):
    for number in range(5 * MAX_ERRORS):
        assert codes(manners.refuse(TooManyRequests(), number)) == []


def test_a_socket_that_says_nothing_is_closed(manners):
    assert manners.tick(9.9, greeted=False, head=0) == []
    assert codes(manners.tick(10.0, greeted=False, head=0)) == [CloseCode.NO_HELLO]


def pings(effects):
    return [effect.frame.head for effect in effects if isinstance(effect, Send)]


def test_a_ping_comes_in_its_interval_and_carries_the_head(manners):
    assert manners.tick(24.9, greeted=True, head=7) == []
    assert pings(manners.tick(25.0, greeted=True, head=7)) == [7]
    assert manners.tick(26.0, greeted=True, head=7) == []


def test_an_unanswered_ping_ends_the_connection(manners):
    manners.tick(25.0, greeted=True, head=0)
    assert manners.tick(34.9, greeted=True, head=0) == []
    assert codes(manners.tick(35.0, greeted=True, head=0)) == [CloseCode.NO_PONG]


def test_an_answered_ping_is_followed_by_the_next(manners):
    manners.tick(25.0, greeted=True, head=0)
    manners.pong(None, 25.5)
    assert manners.tick(36.0, greeted=True, head=0) == []
    assert pings(manners.tick(50.0, greeted=True, head=0)) == [0]


def answer_pings(manners, seen, until, *, head=9):
    """A client that answers every ping at once; what the ticks of this time were."""
    effects = []
    for second in range(25, until + 1):
        effects += manners.tick(float(second), greeted=True, head=head)
        if effects and isinstance(effects[-1], Send):
            manners.pong(seen(second), float(second))
    return effects


def test_who_was_sent_facts_and_never_sees_any_is_sent_away(manners):
    """The kernel, or a proxy, took them: a socket that can be written to is not a reader."""
    assert codes(answer_pings(manners, lambda _: 3, 84)) == []
    assert codes(manners.tick(85.0, greeted=True, head=9)) == [CloseCode.SLOW]


def test_who_sees_a_little_more_each_time_may_stay(manners):
    assert codes(answer_pings(manners, lambda second: second // 25, 220)) == []


def test_who_has_seen_everything_may_be_silent_for_ever(manners):
    assert codes(answer_pings(manners, lambda _: 9, 220)) == []


def test_who_does_not_say_what_it_has_seen_is_not_judged_by_it(manners):
    assert codes(answer_pings(manners, lambda _: None, 220)) == []


def test_close_codes_say_by_their_number_whether_to_come_back():
    coming = {code for code in CloseCode if code.reconnects}
    assert coming == {
        CloseCode.INTERNAL,
        CloseCode.RESTART,
        CloseCode.TRY_LATER,
        CloseCode.DRAIN,
        CloseCode.TOKEN_EXPIRED,
        CloseCode.RESYNC,
        CloseCode.SLOW,
        CloseCode.NO_PONG,
        CloseCode.RATE_LIMITED,
        CloseCode.NO_HELLO,
    }
