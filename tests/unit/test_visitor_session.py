"""One tab of a visitor: what it may say when, and what it is told."""

import pytest
from msgspec.structs import replace

from chatserver.conversation.commands import Close, MarkRead, SendMessage
from chatserver.conversation.outcome import Outcome
from chatserver.errors import Rejected, Unavailable
from chatserver.protocol.codes import CloseCode
from chatserver.protocol.visitor import Form
from chatserver.realtime.effects import (
    Follow,
    LoadHistory,
    LoadMarks,
    Moved,
    Renew,
    Start,
    Submit,
    Typed,
)
from chatserver.realtime.hints import ReadHint, TypingHint
from chatserver.realtime.news import Delivery
from tests.support.play import EPOCH, VisitorPlay, chat, said
from tests.support.world import ANN, VERA

SEND = {"t": "send", "id": 7, "conversation": "c", "client_id": "m-1", "text": "Hi"}
HELD = {"conversation": "c", "epoch": EPOCH, "seq": 3}


@pytest.fixture
def play():
    """vera, in the middle of her conversation: five facts, all of them sent."""
    play = VisitorPlay()
    play.arrives(chat(5))
    play.catches_up([said(seq) for seq in range(1, 6)])
    play.frames.clear()
    return play


def tell(play, fact):
    return play.sees(play.session.told(Delivery(fact)))


# Sending


def test_a_message_goes_to_the_batch_and_its_answer_comes_back(play):
    (submit,) = play.says(**SEND)
    assert isinstance(submit, Submit)
    assert submit.request.command == SendMessage("m-1", "Hi")
    assert (submit.request.workspace_id, submit.request.actor) == ("acme", VERA)
    assert play.frames == []
    play.sees(play.session.submitted(submit.id, Outcome(chat(6), said(6))))
    assert play.last == {
        "t": "reply",
        "id": 7,
        "ok": {"conversation": "c", "seq": 6, "client_id": "m-6", "at": "2026-03-02T08:00:00.000Z"},
    }


def test_a_repeated_message_is_answered_as_the_first_time(play):
    play.says(**SEND)
    play.sees(play.session.submitted(7, Outcome(chat(9), said(6), duplicate=True)))
    assert (play.last["ok"]["seq"], play.last["ok"]["duplicate"]) == (6, True)


def test_answers_are_in_the_visitors_numbers(play):
    play.says(**SEND)
    play.sees(play.session.submitted(7, Outcome(chat(9, 6), said(9, visitor_seq=6))))
    assert play.last["ok"]["seq"] == 6


def test_a_refused_message_says_why(play):
    play.says(**SEND)
    play.sees(play.session.submitted(7, Rejected("no")))
    assert play.last == {"t": "reply", "id": 7, "error": {"code": "rejected", "message": "no"}}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"text": ""}, "text_empty"),
        ({"text": " \n"}, "text_empty"),
        ({"text": "x" * 4001}, "text_too_long"),
        ({"text": "a\0b"}, "bad_text"),
        ({"client_id": ""}, "bad_text"),
        ({"client_id": "x" * 65}, "bad_text"),
        ({"files": ["f1", "f2", "f3"]}, "bad_request"),
        ({"files": ["f1", "f1"]}, "bad_request"),
        ({"conversation": "somebody-elses"}, "not_found"),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused_by_its_own_code(play, changed, code):
    assert play.says(**SEND | changed) == []
    assert play.problem == code
    assert play.last["id"] == 7


@pytest.mark.parametrize("text", ["", " \n", "Look"])
def test_files_travel_with_a_text_or_without(play, text):
    (submit,) = play.says(**SEND | {"text": text, "files": ["f1", "f2"]})
    assert submit.request.command == SendMessage("m-1", text.strip(), files=("f1", "f2"))


def test_a_lone_surrogate_is_a_broken_frame(play):
    play.writes(b'{"t":"send","id":7,"conversation":"c","client_id":"m","text":"\\ud800"}')
    assert play.last["t"] == "error"
    assert play.problem == "bad_frame"


def test_an_unknown_frame_has_a_code_of_its_own(play):
    play.says(t="teleport")
    assert play.problem == "unknown_type"


def test_the_longest_text_passes(play):
    (submit,) = play.says(**SEND | {"text": "x" * 4000})
    assert len(submit.request.command.text) == 4000


def test_a_visitor_without_a_conversation_has_none_to_write_in():
    play = VisitorPlay()
    play.arrives(None)
    assert play.says(**SEND) == []
    assert play.problem == "not_found"


def test_opening_starts_a_conversation_and_follows_it():
    play = VisitorPlay()
    play.arrives(None)
    opening = {"t": "open", "id": 1, "client_id": "o-1", "form": {"name": "Vera", "email": "v@e.x"}}
    assert play.says(**opening) == [Start(1, Form("Vera", "v@e.x"))]
    assert play.sees(play.session.started(1, Outcome(chat(1)), "Vera")) == [Follow("c", None)]
    assert play.last == {"t": "reply", "id": 1, "ok": {"conversation": "c", "seq": 1}}
    (submit,) = play.says(**SEND)
    assert submit.request.conversation_id == "c"


def test_opening_again_follows_only_once(play):
    play.says(t="open", id=1, client_id="o-1")
    assert play.sees(play.session.started(1, Outcome(chat(5), duplicate=True), None)) == []
    assert play.last["ok"]["conversation"] == "c"


def test_the_visitor_ends_the_chat(play):
    (submit,) = play.says(t="close", id=2, conversation="c", expect_seq=5)
    assert submit.request.command == Close("visitor", 5)


@pytest.mark.parametrize(("asked", "loaded"), [(10, 10), (5000, 100), (0, 1), (-3, 1)])
def test_a_page_of_history_has_a_limit(play, asked, loaded):
    (effect,) = play.says(t="history", id=3, conversation="c", before=5, limit=asked)
    assert effect == LoadHistory(3, "c", 5, None, loaded)


def test_the_history_of_another_conversation_is_not_found(play):
    assert play.says(t="history", id=3, conversation="d") == []
    assert play.problem == "not_found"


def test_a_token_is_renewed(play):
    assert play.says(t="refresh", id=4, token="old") == [Renew(4, "old")]
    play.sees(play.session.renewed(4, "new", 9000.0))
    assert play.last == {"t": "reply", "id": 4, "ok": {"token": "new"}}


def test_what_could_not_be_done_is_answered_too(play):
    play.says(t="refresh", id=4, token="old")
    play.sees(play.session.failed(4, Unavailable(retry_after=1)))
    assert play.problem == "unavailable"
    assert play.last["error"]["temporary"] is True


# Manners


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


# Small frames


def test_small_frames_go_where_they_belong(play):
    assert play.says(t="page", url="https://shop.example/tea", title="Tea") == [
        Moved("https://shop.example/tea", "Tea")
    ]
    assert play.says(t="typing", conversation="c", on=True) == [Typed("c", True)]
    (submit,) = play.says(t="read", conversation="c", seq=4)
    assert (submit.id, submit.request.command) == (None, MarkRead(4))


@pytest.mark.parametrize(
    "frame",
    [
        {"t": "typing", "conversation": "d", "on": True},
        {"t": "read", "conversation": "d", "seq": 1},
        {"t": "read", "conversation": "c", "seq": 0},
    ],
)
def test_small_frames_about_other_things_are_dropped_in_silence(play, frame):
    assert play.says(**frame) == []
    assert play.frames == []


def test_a_flood_of_small_frames_is_dropped_in_silence(play):
    done = [play.says(t="typing", conversation="c", on=True) for _ in range(100)]
    assert sum(map(len, done)) == 60
    assert play.frames == []


# News


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
    play.sees(play.session.availability_changed("offline"))
    assert play.last == {"t": "state", "kind": "availability", "availability": "offline"}


def test_nothing_is_told_before_the_welcome():
    play = VisitorPlay()
    play.greets()
    play.sees(play.session.availability_changed("offline"))
    tell(play, said(1))
    assert play.frames == []
