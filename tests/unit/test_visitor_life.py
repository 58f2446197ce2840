"""What lasts on a visitor's connection: pings both ways, the token's end, and shared drafts."""

import pytest
from msgspec.structs import replace

from chatserver.conversation.events import Identified
from chatserver.conversation.model import SYSTEM
from chatserver.protocol.codes import CloseCode
from chatserver.realtime.effects import Typed
from chatserver.realtime.hints import TypingHint
from chatserver.realtime.news import Delivery
from tests.support.play import VisitorPlay, chat, said


@pytest.fixture
def play():
    """vera, in the middle of her conversation: five facts, all of them sent."""
    play = VisitorPlay()
    play.arrives(chat(5))
    play.catches_up([said(seq) for seq in range(1, 6)])
    play.frames.clear()
    return play


def test_a_client_that_woke_up_asks_and_is_answered(play):
    play.says(t="ping")
    assert play.last == {"t": "pong", "head": 5}


def test_a_flood_of_pings_is_answered_in_measure(play):
    for _ in range(100):
        play.says(t="ping")
    assert len(play.of("pong")) == 60


def test_a_reader_that_was_behind_owes_no_answer_from_that_time(play):
    play.waits(25)
    play.sees(play.session.fell_behind())
    play.now += 9
    play.sees(play.session.caught_breath())
    play.waits(5)
    assert play.closed is None


def test_who_applies_nothing_is_hung_up_as_too_slow(play):
    for _ in range(4):
        play.waits(25)
        play.says(t="pong", seen=3)
    assert play.closed == CloseCode.SLOW


# The end of the token


@pytest.fixture
def ending():
    """vera, whose token lasts two more minutes."""
    play = VisitorPlay()
    play.arrives(chat(5), ends_at=play.now + 120)
    play.frames.clear()
    return play


def lives(play, seconds):
    for _ in range(seconds):
        play.waits(1)
        play.says(t="pong")


def test_the_end_of_the_token_is_told_once_and_a_minute_before(ending):
    lives(ending, 59)
    assert ending.of("expiring") == []
    lives(ending, 30)
    assert ending.of("expiring") == [{"t": "expiring", "in": 60}]


def test_who_refreshes_the_token_stays(ending):
    lives(ending, 61)
    (renew,) = ending.says(t="refresh", id=1, token="token-1")
    ending.sees(ending.session.renewed(renew.id, "token-2", ending.now + 1000))
    lives(ending, 900)
    assert (ending.closed, len(ending.of("expiring"))) == (None, 1)
    lives(ending, 60)
    assert len(ending.of("expiring")) == 2


def test_who_does_not_is_sent_for_a_new_one(ending):
    lives(ending, 120)
    assert ending.closed == CloseCode.TOKEN_EXPIRED


# Drafts


@pytest.fixture
def watched():
    """vera, on a site whose agents see what she writes."""
    play = VisitorPlay(draft_chars=10)
    play.arrives(chat(5))
    play.sees(play.session.drafts_changed(True))
    play.frames.clear()
    return play


def types(play, draft, *, on=True):
    return play.says(t="typing", conversation="c", on=on, draft=draft)


def test_a_draft_goes_on_to_the_agents_where_the_site_shares_it(watched):
    assert types(watched, "I would li") == [Typed("c", True, "I would li")]


def test_a_draft_is_dropped_where_the_site_does_not(play):
    assert types(play, "I would li") == [Typed("c", True)]


def test_of_a_long_draft_the_end_is_shown(watched):
    assert types(watched, "x" * 100 + "0123456789") == [Typed("c", True, "0123456789")]


def test_drafts_are_passed_on_at_most_every_two_seconds(watched):
    passed = []
    for _ in range(100):
        passed += types(watched, "Hello")
        watched.now += 0.1
    assert len(passed) <= 7


def test_a_draft_that_cannot_be_shown_is_not(watched):
    assert types(watched, "   ") == []
    assert types(watched, "a\x00b") == []


def test_the_end_of_typing_takes_the_draft_away(watched):
    assert types(watched, "gone", on=False) == [Typed("c", False)]


def test_a_switch_of_drafts_is_told_and_holds_at_once(watched):
    watched.sees(watched.session.drafts_changed(False))
    assert watched.last == {"t": "state", "kind": "drafts", "drafts": False}
    assert types(watched, "secret") == [Typed("c", True)]
    watched.sees(watched.session.drafts_changed(False))
    assert len(watched.frames) == 1


def test_no_draft_ever_goes_to_a_visitor(play):
    play.sees(play.session.told(TypingHint("tab-2", "visitor", "vera", "Vera", True, "canary")))
    play.sees(play.session.told(TypingHint("console", "agent", "ann", "Ann", True, "canary")))
    assert "canary" not in str(play.frames)


# The conversation becomes somebody else's


def identified(visitor_id):
    """The conversation is that of `visitor_id` from now on; visitors cannot see the fact."""
    event = Identified(visitor_id, "customer-1")
    return Delivery(replace(said(6, visitor_seq=None), event=event, author=SYSTEM))


@pytest.mark.parametrize("is_behind", [False, True])
def test_whoever_shared_a_chat_with_a_customer_hears_nothing_more_of_it(play, is_behind):
    """By the fact itself, which the tail brings when no hint does, and however slow the socket."""
    if is_behind:
        play.sees(play.session.fell_behind())
    play.sees(play.session.told(identified("vera-the-customer")))
    assert play.closed == CloseCode.RESYNC
    play.sees(play.session.told(Delivery(said(7, visitor_seq=6, text="My card is 4711"))))
    assert play.frames == []


def test_the_customer_stays(play):
    play.sees(play.session.told(identified("vera")))
    play.sees(play.session.told(Delivery(said(7, visitor_seq=6))))
    assert (play.closed, play.facts) == (None, [6])


def test_a_visitor_who_logged_out_elsewhere_has_to_come_again(play):
    play.sees(play.session.sent_back())
    assert play.closed == CloseCode.RESYNC
    play.sees(play.session.told(Delivery(said(6))))
    assert play.frames == []
