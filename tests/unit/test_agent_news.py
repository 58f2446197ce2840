"""What an agent's console is told without having asked: of visitors, colleagues and the service."""

import pytest

from chatserver.protocol import agent as wire
from chatserver.protocol.codes import CloseCode
from chatserver.realtime.admission import Admitted
from chatserver.realtime.effects import Typed
from chatserver.realtime.hints import AgentHint, ReadHint, Revocation, TypingHint, UnreadHint
from chatserver.realtime.news import Delivery
from chatserver.realtime.unread import RowNews
from tests.support.play import EPOCH, NOW, AgentPlay, said, signed
from tests.support.world import VERA


@pytest.fixture
def play():
    """ann with her inbox loaded and the thread `c` open."""
    play = AgentPlay()
    play.arrives(position=50)
    play.sees(play.session.rows_loaded(50, [RowNews(wire.InboxRow("c", 50), 3)], {}))
    play.says(t="thread", id=1, conversation="c", seq=0)
    play.sees(play.session.followed(1, "c", 5))
    play.catches_up([said(seq) for seq in range(1, 6)])
    play.frames.clear()
    return play


def tell(play, news):
    return play.sees(play.session.told("c", news))


def storage(word):
    return wire.State("storage", storage=word)


def bus(word):
    return wire.State("bus", bus=word)


def test_a_visitors_draft_is_shown_to_who_looks_at_the_thread(play):
    tell(play, TypingHint("tab-1", "visitor", "vera", "Vera", True, "I would like"))
    assert play.last["draft"] == "I would like"


def test_typing_of_others_is_shown_and_ones_own_is_not(play):
    tell(play, TypingHint("tab-1", "visitor", "vera", "Vera", True))
    tell(play, TypingHint("console-2", "agent", "bob", "Bob", True))
    tell(play, TypingHint("console-1", "agent", "ann", "Ann", True))
    assert [frame["from"]["id"] for frame in play.of("signal")] == ["vera", "bob"]


def test_typing_needs_an_open_thread(play):
    assert play.says(t="typing", conversation="c", on=True) == [Typed("c", True)]
    assert play.says(t="typing", conversation="d", on=True) == []
    assert play.problem == "not_found"


def test_what_the_visitor_has_read_is_told_in_the_agents_numbers(play):
    tell(play, ReadHint(True, VERA.id, 9, 6, 1))
    tell(play, ReadHint(False, "bob", 9, 6, 1))
    assert play.frames == [{"t": "state", "kind": "read", "conversation": "c", "seq": 9}]


def test_a_colleagues_status_is_told(play):
    play.sees(play.session.agent_changed(AgentHint("bob", "Bob", "away")))
    assert play.last["agent"] == {"id": "bob", "name": "Bob"}
    assert play.last["status"] == "away"


def test_what_cannot_be_stored_is_told_to_who_is_there_and_to_who_comes():
    play = AgentPlay()
    play.greets()
    assert play.sees(play.session.changed(storage("full"))) == []
    found = Admitted(signed(), EPOCH, NOW, 0, "online", "full")
    play.sees(play.session.arrived(found))
    assert play.frames[0]["storage"] == "full"
    play.sees(play.session.changed(storage("ok")))
    assert play.last == {"t": "state", "kind": "storage", "storage": "ok"}


def test_agents_are_told_when_the_nodes_do_not_hear_each_other():
    play = AgentPlay()
    play.greets()
    assert play.sees(play.session.changed(bus("degraded"))) == []
    play.sees(play.session.arrived(Admitted(signed(), EPOCH, NOW, 0, "online", bus="degraded")))
    assert play.frames[0]["bus"] == "degraded"
    play.sees(play.session.changed(bus("ok")))
    assert play.last == {"t": "state", "kind": "bus", "bus": "ok"}


def test_nothing_is_told_before_the_welcome():
    """The agent's own coming is announced while the hello is still being checked."""
    play = AgentPlay()
    play.greets()
    play.sees(play.session.agent_changed(AgentHint("ann", "Ann", "online")))
    play.sees(play.session.visitor_changed(wire.Visitor("vera")))
    play.sees(play.session.read_elsewhere(UnreadHint("c", 1, 1)))
    tell(play, Delivery(said(1)))
    assert play.frames == []


@pytest.mark.parametrize(
    ("revoked", "closed"),
    [(None, CloseCode.SIGNED_OUT), ("session-1", CloseCode.SIGNED_OUT), ("session-2", None)],
)
def test_a_revoked_session_is_hung_up_and_others_are_not(play, revoked, closed):
    play.sees(play.session.revoked(Revocation(revoked)))
    assert play.closed == closed


def test_a_ping_carries_the_position_of_the_log(play):
    play.waits(25)
    assert play.last == {"t": "ping", "head": 50}
    play.waits(10)
    assert play.closed == CloseCode.NO_PONG
