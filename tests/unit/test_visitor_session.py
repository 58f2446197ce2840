"""One tab of a visitor: what it may say when, and how it is answered."""

import pytest

from chatserver.conversation.commands import Close, MarkRead, SendMessage
from chatserver.conversation.outcome import Outcome
from chatserver.errors import Rejected, Unavailable
from chatserver.protocol.visitor import Form
from chatserver.realtime.effects import (
    Follow,
    LoadHistory,
    Moved,
    Renew,
    Start,
    Submit,
    Typed,
)
from tests.support.chatting import SEND, in_the_middle
from tests.support.play import VisitorPlay, chat, said
from tests.support.world import VERA


@pytest.fixture
def play():
    return in_the_middle()


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
