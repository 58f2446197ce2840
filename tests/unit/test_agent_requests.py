"""What one console asks for, and what it may."""

import pytest

from chatserver.conversation.commands import Close, MarkRead, Reopen, SendMessage
from chatserver.conversation.outcome import Outcome
from chatserver.protocol import agent as wire
from chatserver.realtime.agent_requests import ACTIONS
from chatserver.realtime.effects import (
    AssignTo,
    LoadHistory,
    SetStatus,
)
from tests.support.play import AgentPlay, chat, said
from tests.support.world import ANN

SEND = {"t": "send", "id": 7, "conversation": "c", "client_id": "m-1", "text": "Hi"}


@pytest.fixture
def play():
    """ann with her inbox loaded and the thread `c` open."""
    play = AgentPlay()
    play.arrives(position=50)
    play.sees(play.session.rows_loaded(50, [], {}))
    play.says(t="thread", id=1, conversation="c", seq=0)
    play.sees(play.session.followed(1, "c", 5))
    play.catches_up([said(seq) for seq in range(1, 6)])
    play.frames.clear()
    return play


def test_a_message_and_a_note_go_to_the_batch(play):
    (message,) = play.says(**SEND)
    (note,) = play.says(**SEND | {"id": 8, "private": True})
    assert message.request.command == SendMessage("m-1", "Hi", False)
    assert note.request.command == SendMessage("m-1", "Hi", True)
    assert (message.request.workspace_id, message.request.actor) == ("acme", ANN)
    play.sees(play.session.submitted(7, Outcome(chat(9, 6), said(9, actor=ANN, visitor_seq=6))))
    assert play.last["ok"]["seq"] == 9


def test_a_note_may_carry_files_and_no_words(play):
    (submit,) = play.says(**SEND | {"text": "", "private": True, "files": ["f1"]})
    assert submit.request.command == SendMessage("m-1", "", True, ("f1",))


@pytest.mark.parametrize(
    ("frame", "command"),
    [
        ({"t": "close", "id": 1, "conversation": "c", "expect_seq": 5}, Close("agent", 5)),
        ({"t": "reopen", "id": 1, "conversation": "c", "expect_seq": 5}, Reopen(5)),
    ],
)
def test_commands_carry_what_the_agent_had_seen(play, frame, command):
    (submit,) = play.says(**frame)
    assert submit.request.command == command


def test_other_requests_ask_for_what_they_name(play):
    assert play.says(t="assign", id=1, conversation="c", expect_seq=5, agent="bob") == [
        AssignTo(1, "c", "bob", 5)
    ]
    assert play.says(t="status", id=2, status="away") == [SetStatus(2, "away")]
    assert play.says(t="history", id=3, conversation="c", before=9, limit=500) == [
        LoadHistory(3, "c", 9, None, 100)
    ]
    (read,) = play.says(t="read", conversation="c", seq=4)
    assert (read.id, read.request.command) == (None, MarkRead(4))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"text": ""}, "text_empty"),
        ({"text": "x" * 4001}, "text_too_long"),
        ({"text": "a\0b"}, "bad_text"),
        ({"client_id": "ü"}, "bad_text"),
        ({"files": ["f1", "f2", "f3"]}, "bad_request"),
        ({"files": [" "]}, "bad_frame"),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused_by_its_own_code(play, changed, code):
    assert play.says(**SEND | changed) == []
    assert (play.problem, play.last.get("id")) == (code, None if code == "bad_frame" else 7)


def test_a_status_is_one_of_three(play):
    play.says(t="status", id=2, status="busy")
    assert play.problem == "bad_frame"


def test_agents_write_faster_than_visitors_but_not_for_ever(play):
    for number in range(30):
        (submit,) = play.says(**SEND | {"id": number})
        play.sees(play.session.submitted(submit.id, Outcome(chat(6), said(6))))
    assert play.says(**SEND) == []
    assert play.problem == "rate_limited"


def test_every_request_needs_a_permission():
    unlisted = set(wire.ClientMessage.__args__) - set(ACTIONS)
    assert unlisted == {wire.Hello, wire.ClientPing, wire.Pong, wire.Bye}
