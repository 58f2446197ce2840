"""What lasts on a console's connection: pings both ways, and the session's end."""

import pytest

from chatserver.protocol.codes import CloseCode
from chatserver.realtime.effects import Recheck
from tests.support.play import AgentPlay


@pytest.fixture
def play():
    """ann, with an empty inbox."""
    play = AgentPlay()
    play.arrives(position=50)
    play.sees(play.session.rows_loaded(50, [], {}))
    play.frames.clear()
    return play


def test_a_console_that_woke_up_asks_and_is_answered():
    play = AgentPlay()
    play.arrives(position=40)
    play.sees(play.session.rows_loaded(42, [], {}))
    play.says(t="ping")
    assert play.last == {"t": "pong", "head": 42}


# The end of the session


@pytest.fixture
def ending(play):
    """ann, whose session lasts two more minutes unless she does something."""
    play.waits(1)
    play.sees(play.session.stands(play.now + 120, play.now))
    play.frames.clear()
    return play


def lives(play, seconds):
    effects = []
    for _ in range(seconds):
        effects += play.waits(1)
        play.says(t="pong")
    return effects


def test_a_console_asks_at_once_whether_its_session_stands(play):
    assert play.waits(1) == [Recheck(used=False)]
    assert play.waits(14) == []
    assert play.waits(1) == [Recheck(used=False)]


def test_the_end_of_the_session_is_told_a_minute_before(ending):
    lives(ending, 61)
    assert ending.of("expiring") == [{"t": "expiring", "in": 60}]


def test_a_session_that_was_renewed_in_time_is_told_to_go_on(ending):
    lives(ending, 70)
    ending.sees(ending.session.stands(ending.now + 3600, ending.now))
    assert ending.last == {"t": "expiring", "in": 3600}
    ending.frames.clear()
    ending.sees(ending.session.stands(ending.now + 3600, ending.now))
    assert ending.frames == []


def test_a_session_that_nobody_renews_is_asked_for_before_it_is_hung_up(ending):
    assert lives(ending, 120)[-1] == Recheck(used=False)
    assert ending.closed is None
    ending.sees(ending.session.lapsed(ending.now))
    assert ending.closed == CloseCode.TOKEN_EXPIRED


def test_what_an_agent_does_in_the_last_minute_counts_at_once(ending):
    lives(ending, 61)
    ending.says(t="history", id=1, conversation="c")
    assert Recheck(used=True) in lives(ending, 1)


def test_a_session_that_was_ended_is_hung_up_as_signed_out(ending):
    ending.sees(ending.session.lapsed(ending.now))
    assert ending.closed == CloseCode.SIGNED_OUT
