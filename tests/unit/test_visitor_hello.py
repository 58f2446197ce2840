"""A visitor's first frame: who is let in, and from where they go on."""

import pytest

from chatserver.errors import BadTicket, NotFound, Unavailable
from chatserver.protocol.codes import CloseCode
from chatserver.protocol.shared import VERSION
from chatserver.realtime.effects import Arrive, Follow
from chatserver.realtime.news import Delivery
from tests.support.play import EPOCH, VisitorPlay, chat, said

SEND = {"t": "send", "id": 7, "conversation": "c", "client_id": "m-1", "text": "Hi"}
HELD = {"conversation": "c", "epoch": EPOCH, "seq": 3}


# Hello


def test_the_welcome_says_who_and_where_one_is():
    play = VisitorPlay()
    assert play.arrives(chat(5), read=2, agent_read=4) == [Follow("c", None)]
    welcome = play.last
    assert (welcome["t"], welcome["v"]) == ("welcome", 1)
    assert welcome["you"] == {"id": "vera", "name": "Vera"}
    assert welcome["token"] == "token-1"
    assert welcome["conversation"] == {
        "id": "c", "seq": 5, "phase": "queued", "read": 2, "agent_read": 4
    }  # fmt: skip


def test_the_hello_is_checked_before_anything_is_said():
    play = VisitorPlay()
    (effect,) = play.greets()
    assert isinstance(effect, Arrive)
    assert play.frames == []


def test_who_speaks_before_the_hello_is_hung_up():
    play = VisitorPlay()
    assert play.says(**SEND) == []
    assert play.closed == CloseCode.BAD_PROTOCOL


def test_bytes_that_are_no_hello_are_hung_up():
    play = VisitorPlay()
    play.writes(b"GET / HTTP/1.1")
    assert play.closed == CloseCode.BAD_PROTOCOL


def test_hello_comes_once():
    play = VisitorPlay()
    play.arrives(chat(5))
    play.greets()
    assert play.closed == CloseCode.BAD_PROTOCOL


def test_a_newer_client_is_told_which_version_is_spoken():
    play = VisitorPlay()
    play.arrives(chat(5), v=99)
    assert (play.last["t"], play.last["v"], play.closed) == ("welcome", VERSION, None)


@pytest.mark.parametrize("version", [0, -1])
def test_another_version_is_not_spoken(version):
    play = VisitorPlay()
    assert play.greets(v=version) == []
    assert play.closed == CloseCode.BAD_PROTOCOL


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadTicket(), CloseCode.BAD_TICKET),
        (NotFound(), CloseCode.SITE_DISABLED),
        (Unavailable(), CloseCode.INTERNAL),
    ],
)
def test_a_refused_hello_says_whether_to_come_back(error, code):
    play = VisitorPlay()
    play.greets()
    play.sees(play.session.refused(error))
    assert play.closed == code


def test_a_socket_that_does_not_greet_is_closed():
    play = VisitorPlay()
    play.waits(9)
    assert play.closed is None
    play.waits(1)
    assert play.closed == CloseCode.NO_HELLO


# Resuming


def test_a_stranger_has_nothing_to_follow():
    assert VisitorPlay().arrives(None) == []


def test_who_comes_back_gets_what_they_missed():
    assert VisitorPlay().arrives(chat(5), resume=HELD) == [Follow("c", 3)]


def test_who_missed_nothing_still_listens():
    assert VisitorPlay().arrives(chat(3), resume=HELD) == [Follow("c", 3)]


@pytest.mark.parametrize("held", [HELD | {"epoch": "another"}, HELD | {"seq": 6}])
def test_who_holds_what_is_not_here_starts_afresh(held):
    play = VisitorPlay()
    assert play.arrives(chat(5), resume=held) == [Follow("c", None)]
    assert play.last == {"t": "reset", "epoch": EPOCH, "conversation": "c"}


def test_who_holds_an_older_conversation_gets_the_current_one():
    held = HELD | {"conversation": "old"}
    assert VisitorPlay().arrives(chat(5), resume=held) == [Follow("c", None)]


def test_who_missed_too_much_is_reset_and_goes_on_from_the_newest_page():
    play = VisitorPlay()
    play.arrives(chat(900), resume=HELD)
    play.sees(play.session.restarted("c", EPOCH, 850))
    play.catches_up([said(seq) for seq in range(851, 901)])
    assert [frame["t"] for frame in play.frames[1:]] == ["reset", "facts"]
    play.sees(play.session.told(Delivery(said(901))))
    assert play.facts == list(range(851, 902))
