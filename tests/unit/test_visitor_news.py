"""One tab of a visitor: what it is told, once and in order."""

import pytest
from msgspec.structs import replace

from chatserver.realtime.effects import Follow, LoadMarks, LookAgain
from chatserver.realtime.hints import ReadHint, TypingHint
from chatserver.realtime.visitor_welcome import Door
from tests.support.chatting import in_the_middle, tell
from tests.support.play import NOW, VisitorPlay, chat, said
from tests.support.world import ANN

LATER = "2026-03-03T08:00:00.000Z"


@pytest.fixture
def play():
    return in_the_middle()


def test_a_live_fact_is_passed_on_once(play):
    tell(play, said(6, actor=ANN))
    tell(play, said(6, actor=ANN))
    assert play.facts == [6]
    assert play.last["from"] == {"kind": "agent", "id": "ann", "name": "Ann"}


def test_facts_during_the_catch_up_follow_it():
    play = VisitorPlay()
    play.arrives(chat(2))
    tell(play, said(3))
    assert play.facts == []
    play.catches_up([said(1), said(2)])
    assert play.facts == [1, 2, 3]


def test_a_hole_is_filled_from_the_store(play):
    assert tell(play, said(8)) == [Follow("c", 5)]
    assert play.facts == []
    play.catches_up([said(6), said(7), said(8)])
    assert play.facts == [6, 7, 8]


def test_a_private_note_leaves_no_trace(play):
    assert tell(play, said(6, actor=ANN, visitor_seq=None, text="canary")) == []
    assert play.frames == []
    assert tell(play, said(7, actor=ANN, visitor_seq=6)) == []
    assert play.facts == [6]


def test_facts_of_another_conversation_are_not_passed_on(play):
    other = replace(said(6), conversation_id="d")
    assert tell(play, other) == []
    assert play.frames == []


def test_a_slow_reader_gets_the_rest_when_it_has_caught_its_breath(play):
    play.sees(play.session.fell_behind())
    tell(play, said(6))
    tell(play, said(7))
    assert play.frames == []
    assert play.sees(play.session.caught_breath()) == [Follow("c", 5), LoadMarks("c")]
    play.catches_up([said(6), said(7)])
    assert play.facts == [6, 7]


def test_the_agent_types_and_the_visitors_own_typing_is_no_news(play):
    play.sees(play.session.told(TypingHint("console", "agent", "ann", "Ann", True)))
    play.sees(play.session.told(TypingHint("tab-2", "visitor", "vera", "Vera", True)))
    assert [frame["from"]["id"] for frame in play.of("signal")] == ["ann"]


def test_what_agents_have_read_is_told_and_never_goes_back(play):
    for seq in (3, 5, 4):
        play.sees(play.session.told(ReadHint(False, "ann", seq + 10, seq, 1)))
    assert [frame["seq"] for frame in play.of("state")] == [3, 5]


def test_what_the_visitor_has_read_in_another_tab_is_told_and_never_goes_back(play):
    for seq in (3, 5, 4):
        play.sees(play.session.told(ReadHint(True, "vera", seq + 10, seq, 1)))
    assert play.frames == [
        {"t": "state", "kind": "seen", "conversation": "c", "seq": seq} for seq in (3, 5)
    ]


def test_what_the_visitor_has_read_here_is_no_news(play):
    play.says(t="read", conversation="c", seq=5)
    play.sees(play.session.told(ReadHint(True, "vera", 15, 5, 1)))
    assert play.frames == []


def test_marks_that_moved_while_the_reader_was_slow_are_told_once_it_has_caught_up(play):
    play.sees(play.session.fell_behind())
    play.sees(play.session.told(ReadHint(False, "ann", 14, 4, 1)))
    play.sees(play.session.told(ReadHint(True, "vera", 13, 3, 1)))
    assert play.frames == []
    play.sees(play.session.caught_breath())
    play.sees(play.session.marks_loaded("c", 3, 4))
    assert [(frame["kind"], frame["seq"]) for frame in play.frames] == [("seen", 3), ("read", 4)]
    play.sees(play.session.marks_loaded("c", 3, 4))
    assert len(play.frames) == 2


def test_marks_of_the_conversation_before_are_not_those_of_the_next(play):
    play.sees(play.session.told(ReadHint(False, "ann", 15, 5, 1)))
    play.sees(play.session.opened_elsewhere("d"))
    play.sees(play.session.told(ReadHint(False, "ann", 1, 1, 1)))
    assert play.last == {"t": "state", "kind": "read", "conversation": "d", "seq": 1}


def test_a_change_of_availability_is_told(play):
    play.sees(play.session.door_changed(Door("offline")))
    assert play.last == {"t": "state", "kind": "availability", "availability": "offline"}


def test_another_opening_of_a_closed_site_is_told(play):
    play.sees(play.session.door_changed(Door("offline", NOW)))
    play.sees(play.session.door_changed(Door("offline", LATER)))
    assert [frame["next_opening"] for frame in play.frames] == [NOW, LATER]


def test_a_door_that_says_the_same_is_no_news(play):
    play.sees(play.session.door_changed(Door("online", turns_at=1.0)))
    assert play.frames == []
    for turns_at in (2.0, 3.0):
        play.sees(play.session.door_changed(Door("offline", NOW, turns_at)))
    assert len(play.frames) == 1


def test_a_door_is_looked_at_when_its_hours_turn(play):
    play.session.door_changed(Door("offline", NOW, 1010.0))
    assert LookAgain() not in play.session.ticked(1009.0)
    assert LookAgain() in play.session.ticked(1010.0)
    assert LookAgain() not in play.session.ticked(1011.0)


def test_nothing_is_told_before_the_welcome():
    play = VisitorPlay()
    play.greets()
    play.sees(play.session.door_changed(Door("offline")))
    tell(play, said(1))
    assert play.frames == []
