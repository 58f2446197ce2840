"""One tab of a visitor while another one begins the next conversation."""

from msgspec.structs import replace

from chatserver.identity.model import Arrival
from chatserver.realtime.effects import Follow, LoadMarks
from chatserver.realtime.news import Delivery
from chatserver.realtime.visitor_session import Arrived
from tests.support.play import EPOCH, NOW, OPEN, VERA, VisitorPlay, chat, said
from tests.support.world import BEGAN, site, visitor


def found(state):
    return Arrived(Arrival(visitor(VERA), site(), "token-1", BEGAN), EPOCH, NOW, OPEN, state)


def test_a_reading_of_the_conversation_before_changes_nothing_in_the_next():
    """The resume missed too much, and before the store had answered another tab began anew."""
    play = VisitorPlay()
    play.arrives(chat(900), resume={"conversation": "c", "epoch": EPOCH, "seq": 3})
    assert play.sees(play.session.opened_elsewhere("d")) == [Follow("d", None), LoadMarks("d")]
    play.frames.clear()
    assert play.session.restarted("c", EPOCH, 850) == []
    first = replace(said(1), conversation_id="d")
    play.sees(play.session.told(Delivery(first)))
    play.sees(play.session.caught_up("d", []))
    assert play.facts == [1]


def test_a_conversation_that_begins_while_a_tab_arrives_is_followed():
    """The store was read before, the hub heard of it, the welcome is not out yet."""
    play = VisitorPlay()
    play.greets()
    assert play.session.opened_elsewhere("d") == []
    assert play.sees(play.session.arrived(found(None))) == [Follow("d", None), LoadMarks("d")]
    assert play.last == {"t": "state", "kind": "conversation", "conversation": "d"}


def test_a_conversation_that_the_store_knew_already_is_followed_once():
    play = VisitorPlay()
    play.greets()
    play.session.opened_elsewhere("c")
    assert play.sees(play.session.arrived(found(chat(5)))) == [Follow("c", None)]
    assert play.of("state") == []
