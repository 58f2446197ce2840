"""One console of an agent: one cursor over the inbox, and the threads open on screen."""

import pytest

from chatserver.errors import BadTicket, NotFound, Unavailable
from chatserver.protocol import agent as wire
from chatserver.protocol.codes import CloseCode
from chatserver.realtime.agent_session import MAX_THREADS
from chatserver.realtime.effects import (
    Arrive,
    Follow,
    LoadInbox,
    LoadRead,
    Unfollow,
)
from chatserver.realtime.hints import UnreadHint
from chatserver.realtime.news import Delivery
from chatserver.realtime.unread import ROWS_PER_FRAME, RowNews
from tests.support.play import EPOCH, AgentPlay, said
from tests.support.world import ANN

SEND = {"t": "send", "id": 7, "conversation": "c", "client_id": "m-1", "text": "Hi"}
RESUME = {"epoch": EPOCH, "position": 40}


def row(conversation="c", revision=1, written=0):
    return RowNews(wire.InboxRow(conversation, revision), written)


@pytest.fixture
def play():
    """ann with her inbox loaded and the thread `c` open at five facts."""
    play = AgentPlay()
    play.arrives(position=50)
    play.sees(play.session.rows_loaded(50, [row("c", 50, 3)], {}))
    play.says(t="thread", id=1, conversation="c", seq=0)
    play.sees(play.session.followed(1, "c", 5))
    play.catches_up([said(seq) for seq in range(1, 6)])
    play.frames.clear()
    return play


def tell(play, news):
    return play.sees(play.session.told("c", news))


# Hello and the inbox


def test_the_welcome_says_who_one_is_and_asks_for_the_inbox():
    play = AgentPlay()
    assert play.arrives(position=50) == [LoadInbox(None)]
    assert play.last["you"] == {"id": "ann", "name": "Ann", "role": "agent"}
    assert (play.last["position"], play.last["epoch"]) == (50, EPOCH)


def test_the_ticket_is_checked_before_anything_is_said():
    play = AgentPlay()
    (effect,) = play.greets()
    assert isinstance(effect, Arrive)
    assert play.frames == []


@pytest.mark.parametrize(
    ("error", "code"), [(BadTicket(), CloseCode.BAD_TICKET), (Unavailable(), CloseCode.INTERNAL)]
)
def test_a_refused_hello_says_whether_to_come_back(error, code):
    play = AgentPlay()
    play.greets()
    play.sees(play.session.refused(error))
    assert play.closed == code


@pytest.mark.parametrize("frame", [SEND, {"t": "pong"}, {"t": "nonsense"}])
def test_who_speaks_before_the_hello_is_hung_up(frame):
    play = AgentPlay()
    play.says(**frame)
    assert play.closed == CloseCode.BAD_PROTOCOL


@pytest.mark.parametrize("more", [{"v": 0}, {"threads": {f"c{n}": 1 for n in range(51)}}])
def test_a_hello_that_asks_too_much_is_hung_up(more):
    play = AgentPlay()
    assert play.greets(**more) == []
    assert play.closed == CloseCode.BAD_PROTOCOL


def test_hello_comes_once(play):
    play.greets()
    assert play.closed == CloseCode.BAD_PROTOCOL


def test_a_resume_goes_on_from_its_position_with_its_threads():
    effects = AgentPlay().arrives(position=50, resume=RESUME, threads={"c": 3})
    assert effects == [LoadInbox(40), Follow("c", 3)]


@pytest.mark.parametrize("resume", [RESUME | {"epoch": "other"}, RESUME | {"position": 51}])
def test_a_resume_from_another_life_starts_afresh(resume):
    play = AgentPlay()
    assert play.arrives(position=50, resume=resume) == [LoadInbox(None)]
    assert play.last == {"t": "reset", "epoch": EPOCH}


def test_a_cursor_that_is_too_old_is_reset_and_no_live_row_comes_before_the_others(play):
    effects = play.session.rows_loaded(60, [row("c", 60, 3)], {}, anew=EPOCH)
    assert effects[2:] == [Follow("c", None)], "it waits for the store: live rows overtake it"
    play.sees(effects)
    reset, inbox = play.frames
    assert reset == {"t": "reset", "epoch": EPOCH}
    assert [shown["conversation"] for shown in inbox["rows"]] == ["c"]


def test_an_empty_inbox_is_news_too():
    """Without a frame the console would wait for ever."""
    play = AgentPlay()
    play.arrives(position=50)
    play.sees(play.session.rows_loaded(50, [], {}))
    assert play.last == {"t": "inbox", "position": 50, "rows": []}


def test_a_long_inbox_moves_the_cursor_only_with_its_last_frame():
    """A connection that breaks in between must not skip the rows that were not sent."""
    play = AgentPlay()
    play.arrives(position=500, resume=RESUME)
    rows = [row(f"c{number}", 41 + number) for number in range(2 * ROWS_PER_FRAME + 1)]
    play.sees(play.session.rows_loaded(500, rows, {}))
    frames = play.of("inbox")
    assert [len(frame["rows"]) for frame in frames] == [ROWS_PER_FRAME, ROWS_PER_FRAME, 1]
    assert [frame["position"] for frame in frames] == [40, 40, 500]


def test_news_during_the_first_reading_follow_it_unless_it_covered_them():
    play = AgentPlay()
    play.arrives(position=50)
    play.sees(play.session.rows_changed(51, [row("c", 51)]))
    play.sees(play.session.rows_changed(53, [row("c", 53)]))
    assert play.of("inbox") == []
    play.sees(play.session.rows_loaded(52, [row("c", 52)], {}))
    assert [frame["position"] for frame in play.of("inbox")] == [52, 53]


def test_unread_counts_what_came_after_the_agents_own_mark():
    play = AgentPlay()
    play.arrives(position=50)
    play.sees(play.session.rows_loaded(50, [row("c", 50, 5), row("d", 49, 4)], {"c": 2}))
    assert [one.get("unread") for one in play.last["rows"]] == [3, 4]
    play.sees(play.session.read_elsewhere(UnreadHint("c", 5, 5)))
    assert play.last == {"t": "state", "kind": "unread", "conversation": "c", "unread": 0}


def test_of_a_chat_that_becomes_news_the_mark_is_looked_up_once(play):
    assert play.sees(play.session.rows_changed(51, [row("d", 51, 4)])) == [LoadRead(("d",))]
    assert play.sees(play.session.rows_changed(52, [row("d", 52, 5)])) == []
    assert play.frames == []
    play.sees(play.session.read_loaded(("d",), {"d": 3}))
    unread = [frame["rows"][0]["unread"] for frame in play.of("inbox")]
    assert (unread, play.last["position"]) == ([1, 2], 52)
    assert play.sees(play.session.rows_changed(53, [row("d", 53, 6)])) == []
    assert play.last["rows"][0]["unread"] == 3


def test_of_a_chat_that_left_nothing_is_remembered(play):
    gone = RowNews(wire.InboxRow("c", 51, gone=True), 3)
    assert play.sees(play.session.rows_changed(51, [gone])) == []
    assert play.sees(play.session.rows_changed(52, [row("c", 52, 4)])) == [LoadRead(("c",))]


def test_who_falls_behind_meanwhile_reads_the_inbox_anew(play):
    play.sees(play.session.rows_changed(51, [row("d", 51, 4)]))
    play.sees(play.session.fell_behind())
    assert play.sees(play.session.read_loaded(("d",), {})) == []
    assert play.frames == []
    assert LoadInbox(50) in play.sees(play.session.caught_breath())


def test_reading_a_chat_that_was_no_news_yet_tells_what_is_left(play):
    play.sees(play.session.read_elsewhere(UnreadHint("quiet", 3, 5)))
    assert play.last == {"t": "state", "kind": "unread", "conversation": "quiet", "unread": 2}


def test_an_old_mark_does_not_bring_unread_messages_back(play):
    for messages in (3, 1):
        play.sees(play.session.read_elsewhere(UnreadHint("c", messages, 3)))
        assert play.last["unread"] == 0


# Threads


def test_a_thread_is_followed_from_what_is_held():
    play = AgentPlay()
    play.arrives()
    assert play.says(t="thread", id=1, conversation="c", seq=3) == [Follow("c", 3, 1)]
    play.sees(play.session.followed(1, "c", 5))
    play.catches_up([said(4), said(5)])
    assert play.frames[-2] == {"t": "reply", "id": 1, "ok": {"conversation": "c", "seq": 5}}
    assert play.facts == [4, 5]


def test_a_live_fact_is_passed_on_once_with_notes(play):
    for fact in (said(6), said(6), said(7, actor=ANN, visitor_seq=None)):
        tell(play, Delivery(fact))
    assert play.facts == [6, 7]
    assert play.last["private"] is True


def test_only_the_author_gets_the_client_id_back(play):
    tell(play, Delivery(said(6)))
    assert "client_id" not in play.last
    tell(play, Delivery(said(7, actor=ANN)))
    assert play.last["client_id"] == "m-7"


def test_a_hole_is_filled_from_the_store(play):
    assert tell(play, Delivery(said(9))) == [Follow("c", 5)]
    play.catches_up([said(seq) for seq in range(6, 10)])
    assert play.facts == [6, 7, 8, 9]


def test_a_thread_that_was_left_is_silent(play):
    assert play.says(t="unthread", conversation="c") == [Unfollow("c")]
    tell(play, Delivery(said(6)))
    play.catches_up([said(6)])
    assert play.frames == []


def test_a_thread_that_does_not_exist_is_not_found(play):
    play.says(t="thread", id=2, conversation="d")
    play.sees(play.session.follow_failed(2, "d", NotFound()))
    assert play.problem == "not_found"


def test_so_many_threads_and_no_more():
    play = AgentPlay(pending=100)
    play.arrives()
    for number in range(MAX_THREADS):
        assert play.says(t="thread", id=number, conversation=f"c{number}")
    assert play.says(t="thread", id=99, conversation="one-more") == []
    assert play.problem == "too_many_requests"
    assert play.says(t="thread", id=100, conversation="c0")
    play.says(t="unthread", conversation="c1")
    assert play.says(t="thread", id=101, conversation="one-more")


def test_a_failed_thread_leaves_room_for_another():
    play = AgentPlay(pending=100)
    play.arrives()
    for number in range(MAX_THREADS):
        play.says(t="thread", id=number, conversation=f"c{number}")
    play.sees(play.session.follow_failed(0, "c0", NotFound()))
    assert play.says(t="thread", id=99, conversation="one-more")


def test_a_thread_that_fell_too_far_behind_starts_afresh(play):
    play.says(t="thread", id=2, conversation="c", seq=1)
    play.sees(play.session.followed(2, "c", 900))
    play.sees(play.session.restarted("c", EPOCH, 850))
    play.catches_up([said(seq) for seq in range(851, 901)])
    assert [frame["t"] for frame in play.frames] == ["reply", "reset", "facts"]
    assert play.facts == list(range(851, 901))


def test_a_slow_console_refills_its_threads_and_its_inbox(play):
    play.sees(play.session.fell_behind())
    tell(play, Delivery(said(6)))
    play.sees(play.session.rows_changed(60, [row("c", 60)]))
    assert play.frames == []
    assert play.sees(play.session.caught_breath()) == [Follow("c", 5), LoadInbox(50)]
