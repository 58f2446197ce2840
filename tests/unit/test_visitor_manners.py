"""One tab of a visitor that floods, breaks frames or falls silent."""

import pytest

from chatserver.conversation.outcome import Outcome
from chatserver.protocol.codes import CloseCode
from tests.support.chatting import SEND, in_the_middle
from tests.support.play import VisitorPlay, chat, said


@pytest.fixture
def play():
    return in_the_middle()


def test_too_many_messages_are_told_when_to_come_back_and_strikes_end_it(play):
    for number in range(10):
        (submit,) = play.says(**SEND | {"id": number})
        play.sees(play.session.submitted(submit.id, Outcome(chat(6), said(6))))
    play.says(**SEND)
    assert play.problem == "rate_limited"
    assert play.last["error"]["retry_after"] == 1.0
    for _ in range(6):
        play.says(**SEND)
    assert play.closed == CloseCode.RATE_LIMITED


def test_who_waits_as_told_is_heard_again(play):
    for number in range(11):
        for submit in play.says(**SEND | {"id": number}):
            play.sees(play.session.submitted(submit.id, Outcome(chat(6), said(6))))
    assert play.problem == "rate_limited"
    play.now += play.last["error"]["retry_after"]
    assert len(play.says(**SEND)) == 1


def test_only_so_many_requests_wait_for_their_answer():
    play = VisitorPlay(burst=50)
    play.arrives(chat(5))
    for number in range(10):
        assert len(play.says(**SEND | {"id": number})) == 1
    assert play.says(**SEND) == []
    assert play.problem == "too_many_requests"
    play.sees(play.session.submitted(0, Outcome(chat(6), said(6))))
    assert len(play.says(**SEND)) == 1


def test_a_refused_text_holds_no_place(play):
    for _ in range(9):
        play.says(**SEND | {"text": ""})
    play.waits(10)
    assert len(play.says(**SEND)) == 1


def test_broken_frames_without_end_are_hung_up(play):
    for _ in range(21):
        play.says(t="teleport")
    assert play.closed == CloseCode.TOO_MANY_ERRORS


def test_a_ping_is_answered_or_the_line_is_dead(play):
    play.waits(25)
    assert play.last == {"t": "ping", "head": 5}
    play.says(t="pong", seen=5)
    play.waits(25)
    assert len(play.of("ping")) == 2
    play.waits(10)
    assert play.closed == CloseCode.NO_PONG


def test_bye_ends_without_a_word(play):
    play.says(t="bye")
    assert (play.closed, play.frames) == (CloseCode.DONE, [])
