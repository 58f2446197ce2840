"""The rules of a conversation: what each command does in each phase, for each side."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatserver.conversation.commands import (
    AskRating,
    Assign,
    Close,
    Rate,
    Reopen,
    SendMessage,
)
from chatserver.conversation.events import (
    Assigned,
    Closed,
    MessageSent,
    Opened,
    Rated,
    RatingAsked,
    Reopened,
    Unassigned,
)
from chatserver.conversation.facts import Fact
from chatserver.conversation.model import SYSTEM, Actor, Conversation, Phase
from chatserver.conversation.transitions import (
    Rules,
    begin,
    decide,
    evolve,
    fold,
    is_visible_to_visitor,
)
from chatserver.errors import ChatError, Conflict, ConversationEnded, NotFound, RatingOver, Rejected
from tests.support.world import ANN, BEGAN, BOB, VERA, VIC

RULES = Rules()
SAY = SendMessage("m-1", "Hello")
NOTE = SendMessage("n-1", "She is a regular", private=True)
TAKE = Assign("ann", "Ann")
GIVE = Assign("bob", "Bob")
QUEUE = Assign(None)
CLOSE = Close("agent")
REOPEN = Reopen()
ASK = AskRating()
RATE = Rate("r-1", 4, True)


class Chat:
    """A conversation without a database: commands in, facts and state out."""

    def __init__(self) -> None:
        self.at = BEGAN
        self.facts: list[Fact] = []
        event = Opened("shop", "vera")
        self.state: Conversation = begin("c", "acme", event, self.at)
        self._record(VERA, event, None)

    def do(self, actor, command, *, after=1.0):
        """Applies a command; the kinds of what happened."""
        self.at += timedelta(seconds=after)
        drafts = decide(self.state, actor, command, self.at, RULES)
        for draft in drafts:
            self._record(actor, draft.event, draft.body)
        return [type(draft.event) for draft in drafts]

    def _record(self, actor, event, body):
        self.state = evolve(self.state, event, actor.kind, self.at)
        position = len(self.facts) + 1
        visible = self.state.visitor_seq if is_visible_to_visitor(event) else None
        seq = self.state.seq
        self.facts.append(Fact(position, "acme", "c", seq, visible, actor, self.at, event, body))


def chat_in(phase: Phase) -> Chat:
    chat = Chat()
    if phase is not Phase.QUEUED:
        chat.do(ANN, TAKE)
    if phase is Phase.CLOSED:
        chat.do(ANN, CLOSE)
    return chat


# Every command in every phase by every side: what happens, or the error. One line, one rule.
TABLE = [
    (Phase.QUEUED, VERA, SAY, [MessageSent]),
    (Phase.QUEUED, ANN, SAY, [Assigned, MessageSent]),
    (Phase.QUEUED, SYSTEM, SAY, [MessageSent]),
    (Phase.ACTIVE, VERA, SAY, [MessageSent]),
    (Phase.ACTIVE, ANN, SAY, [MessageSent]),
    (Phase.ACTIVE, BOB, SAY, [MessageSent]),
    (Phase.ACTIVE, SYSTEM, SAY, [MessageSent]),
    (Phase.CLOSED, VERA, SAY, [Reopened, MessageSent]),
    (Phase.CLOSED, ANN, SAY, Rejected),
    (Phase.CLOSED, SYSTEM, SAY, Rejected),
    (Phase.QUEUED, VERA, NOTE, Rejected),
    (Phase.ACTIVE, VERA, NOTE, Rejected),
    (Phase.CLOSED, VERA, NOTE, Rejected),
    (Phase.QUEUED, ANN, NOTE, [MessageSent]),
    (Phase.ACTIVE, ANN, NOTE, [MessageSent]),
    (Phase.CLOSED, ANN, NOTE, [MessageSent]),
    (Phase.QUEUED, ANN, TAKE, [Assigned]),
    (Phase.QUEUED, BOB, TAKE, [Assigned]),
    (Phase.QUEUED, SYSTEM, TAKE, [Assigned]),
    (Phase.ACTIVE, ANN, TAKE, []),
    (Phase.ACTIVE, ANN, GIVE, [Assigned]),
    (Phase.ACTIVE, BOB, GIVE, [Assigned]),
    (Phase.CLOSED, ANN, TAKE, []),
    (Phase.CLOSED, ANN, GIVE, Rejected),
    (Phase.QUEUED, ANN, QUEUE, []),
    (Phase.ACTIVE, ANN, QUEUE, [Unassigned]),
    (Phase.CLOSED, ANN, QUEUE, Rejected),
    (Phase.QUEUED, ANN, CLOSE, [Closed]),
    (Phase.QUEUED, VERA, Close("visitor"), [Closed]),
    (Phase.ACTIVE, VERA, Close("visitor"), [Closed]),
    (Phase.ACTIVE, SYSTEM, Close("idle"), [Closed]),
    (Phase.CLOSED, ANN, CLOSE, []),
    (Phase.CLOSED, VERA, Close("visitor"), []),
    (Phase.QUEUED, ANN, REOPEN, []),
    (Phase.ACTIVE, ANN, REOPEN, []),
    (Phase.CLOSED, ANN, REOPEN, [Reopened]),
    (Phase.QUEUED, ANN, ASK, [RatingAsked]),
    (Phase.ACTIVE, ANN, ASK, [RatingAsked]),
    (Phase.CLOSED, BOB, ASK, [RatingAsked]),
    (Phase.ACTIVE, VERA, ASK, Rejected),
    (Phase.ACTIVE, VERA, RATE, [Rated]),
    (Phase.CLOSED, VERA, RATE, [Rated]),
    (Phase.CLOSED, VIC, RATE, NotFound),
    (Phase.CLOSED, ANN, RATE, Rejected),
]


@pytest.mark.parametrize(("phase", "actor", "command", "expected"), TABLE)
def test_what_each_command_does_in_each_phase(phase, actor, command, expected):
    chat = chat_in(phase)
    if isinstance(expected, list):
        assert chat.do(actor, command) == expected
    else:
        with pytest.raises(expected):
            chat.do(actor, command)


def test_an_agent_who_answers_a_queued_chat_takes_it():
    chat = Chat()
    chat.do(ANN, SAY)
    assert (chat.state.phase, chat.state.assignee_id) == (Phase.ACTIVE, "ann")


def test_a_note_takes_nothing():
    chat = Chat()
    chat.do(ANN, NOTE)
    assert (chat.state.phase, chat.state.assignee_id) == (Phase.QUEUED, None)


def test_answering_a_colleagues_chat_leaves_it_with_the_colleague():
    chat = chat_in(Phase.ACTIVE)
    chat.do(BOB, SAY)
    assert chat.state.assignee_id == "ann"


def test_a_closed_conversation_reopens_when_the_visitor_writes():
    chat = chat_in(Phase.CLOSED)
    chat.do(VERA, SAY)
    assert (chat.state.phase, chat.state.assignee_id) == (Phase.ACTIVE, "ann")
    assert chat.state.closed_at is None


def test_a_chat_that_nobody_had_taken_reopens_into_the_queue():
    chat = Chat()
    chat.do(VERA, Close("visitor"))
    chat.do(VERA, SAY)
    assert (chat.state.phase, chat.state.queued_at) == (Phase.QUEUED, chat.at)


@pytest.mark.parametrize(("actor", "command"), [(VERA, RATE), (ANN, ASK)])
def test_a_chat_is_rated_within_a_day_of_its_close(actor, command):
    chat = chat_in(Phase.CLOSED)
    assert chat.do(actor, command, after=86_400)
    with pytest.raises(RatingOver):
        chat.do(actor, command, after=1)


def test_a_rating_moves_nothing_else():
    chat = chat_in(Phase.CLOSED)
    before = chat.state
    chat.do(VERA, RATE)
    seqs = {"seq": before.seq + 1, "visitor_seq": before.visitor_seq + 1}
    assert chat.state == replace(before, **seqs)


@pytest.mark.parametrize(("seconds", "open_again"), [(86_400, True), (86_401, False)])
def test_a_chat_can_be_continued_for_a_day_and_not_longer(seconds, open_again):
    chat = chat_in(Phase.CLOSED)
    if open_again:
        assert chat.do(VERA, SAY, after=seconds) == [Reopened, MessageSent]
    else:
        with pytest.raises(ConversationEnded):
            chat.do(VERA, SAY, after=seconds)


def test_an_agent_reopens_a_chat_however_old():
    chat = chat_in(Phase.CLOSED)
    assert chat.do(ANN, REOPEN, after=90 * 86_400) == [Reopened]


@pytest.mark.parametrize("actor", [ANN, BOB])
def test_a_note_can_be_written_on_a_chat_that_ended_long_ago(actor):
    assert chat_in(Phase.CLOSED).do(actor, NOTE, after=90 * 86_400) == [MessageSent]


@pytest.mark.parametrize(
    ("phase", "command"),
    [
        (Phase.ACTIVE, Assign("bob", "Bob", 0)),
        (Phase.ACTIVE, Assign(None, None, 0)),
        (Phase.QUEUED, Close("agent", 0)),
        (Phase.ACTIVE, Close("visitor", 0)),
        (Phase.CLOSED, Reopen(0)),
    ],
)
def test_whoever_saw_an_older_state_is_told_of_the_conflict(phase, command):
    with pytest.raises(Conflict):
        chat_in(phase).do(ANN, command)


@pytest.mark.parametrize("command", [Assign("bob", "Bob", 2), Close("agent", 2)])
def test_messages_that_came_meanwhile_are_no_conflict(command):
    chat = chat_in(Phase.ACTIVE)
    chat.do(VERA, SAY)
    chat.do(ANN, SAY)
    assert chat.do(ANN, command)


@pytest.mark.parametrize("command", [Assign("ann", "Ann", 1), Close("agent", 1)])
def test_a_retry_of_what_is_true_already_is_no_conflict(command):
    """The first answer was lost on the way; the second must not be an error."""
    chat = chat_in(Phase.ACTIVE if isinstance(command, Assign) else Phase.CLOSED)
    assert chat.do(ANN, command) == []


def test_waiting_counts_from_the_oldest_unanswered_message():
    chat = chat_in(Phase.ACTIVE)
    chat.do(VERA, SAY)
    asked = chat.at
    chat.do(VERA, SAY)
    assert chat.state.waiting_since == asked
    chat.do(ANN, NOTE)
    assert chat.state.waiting_since == asked
    chat.do(ANN, SAY)
    assert chat.state.waiting_since is None


def test_the_messages_of_each_side_are_counted_and_notes_are_not():
    chat = chat_in(Phase.ACTIVE)
    for actor, command in ((VERA, SAY), (ANN, NOTE), (ANN, SAY), (VERA, SAY), (BOB, NOTE)):
        chat.do(actor, command)
    assert (chat.state.visitor_messages, chat.state.agent_messages) == (2, 1)


def test_a_log_without_its_beginning_is_refused():
    chat = chat_in(Phase.ACTIVE)
    with pytest.raises(ValueError, match="starts with"):
        fold(chat.facts[1:])
    with pytest.raises(ValueError, match="at least one"):
        fold([])


ACTORS = st.sampled_from([VERA, ANN, BOB, SYSTEM])
EXPECT = st.none() | st.integers(0, 12)
COMMANDS = st.one_of(
    st.builds(SendMessage, st.uuids().map(str), st.just("Hi"), st.booleans()),
    st.builds(Assign, st.sampled_from(["ann", "bob", None]), st.just("A"), EXPECT),
    st.builds(Close, st.sampled_from(["agent", "visitor", "idle"]), EXPECT),
    st.builds(Reopen, EXPECT),
    st.builds(AskRating),
    st.builds(Rate, st.uuids().map(str), st.integers(1, 5), st.none() | st.booleans()),
)
STEPS = st.lists(st.tuples(ACTORS, COMMANDS, st.sampled_from([1.0, 3600.0, 90_000.0])))


def play(steps) -> Chat:
    chat = Chat()
    for actor, command, after in steps:
        with suppress(Rejected, Conflict):
            chat.do(actor, command, after=after)
    return chat


@given(STEPS)
def test_whatever_happens_the_state_is_the_fold_of_its_facts(steps):
    chat = play(steps)
    folded = fold(chat.facts)
    assert folded.revision == len(chat.facts)
    assert chat.state == Conversation(
        **{name: getattr(folded, name) for name in Conversation.__struct_fields__[:-1]}
    )


@given(STEPS)
def test_both_numberings_count_without_a_hole_around_notes(steps):
    facts = play(steps).facts
    assert [fact.seq for fact in facts] == list(range(1, len(facts) + 1))
    shown = [fact.visitor_seq for fact in facts if fact.visitor_seq is not None]
    assert shown == list(range(1, len(shown) + 1))
    notes = [f for f in facts if isinstance(f.event, MessageSent) and f.event.private]
    assert [fact for fact in facts if fact.visitor_seq is None] == notes


@given(STEPS)
def test_the_phase_says_who_has_it(steps):
    state = play(steps).state
    assert (state.phase is Phase.CLOSED) == (state.closed_at is not None)
    assert state.phase is not Phase.ACTIVE or state.assignee_id is not None
    assert state.phase is not Phase.QUEUED or state.assignee_id is None
    assert state.moved_seq <= state.seq
    assert state.message_seq <= state.seq


@given(STEPS, ACTORS, COMMANDS)
def test_deciding_twice_gives_the_same_answer_and_changes_nothing(steps, actor, command):
    chat = play(steps)
    before = chat.state

    def answer() -> object:
        try:
            return decide(before, actor, command, chat.at, RULES)
        except ChatError as error:
            return error.code

    assert answer() == answer()
    assert chat.state == before


def test_nobody_is_anybody():
    """An actor without an id is never taken for an agent who takes a chat."""
    nameless = Actor(ANN.kind)
    chat = Chat()
    chat.do(nameless, SAY)
    assert chat.state.phase is Phase.QUEUED
