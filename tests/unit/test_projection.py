"""What leaves the house: every kind of fact for every audience, and never a private note."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.conversation.events import (
    Assigned,
    Closed,
    Event,
    Identified,
    MessageSent,
    Opened,
    Rated,
    RatingAsked,
    Reopened,
    Unassigned,
    Unknown,
    kind_of,
)
from chatserver.conversation.facts import Body, Fact
from chatserver.conversation.projection import for_agent, for_visitor, stamp
from chatserver.conversation.transitions import is_visible_to_visitor
from chatserver.protocol import shared
from chatserver.protocol.codec import encode
from chatserver.realtime.hints import FactsHint, decode
from chatserver.realtime.hints import encode as encode_hint
from chatserver.realtime.news import Delivery
from tests.support.world import ANN, BEGAN, BOB, VERA

CANARY = "she pays late, canary-7391"
EVENTS = [
    Opened("shop", "vera"),
    MessageSent(),
    MessageSent(private=True),
    Assigned("ann"),
    Unassigned(),
    Closed("agent"),
    Reopened(),
    Identified("vera-2", "customer-1"),
    RatingAsked(),
    Rated(4, True),
    Unknown(is_for_visitors=True),
    Unknown(is_for_visitors=False),
]


def fact(event, seq=1, visitor_seq=1, **more):
    more = {"author": ANN, "body": Body(CANARY, "Ann", "Ann"), "client_id": "m-1"} | more
    return Fact(
        position=seq,
        workspace_id="acme",
        conversation_id="c",
        seq=seq,
        visitor_seq=visitor_seq if is_visible_to_visitor(event) else None,
        at=BEGAN,
        event=event,
        **more,
    )


def test_the_list_of_events_is_complete():
    assert {type(event) for event in EVENTS} == set(Event.__args__)


@pytest.mark.parametrize("event", EVENTS)
def test_agents_see_every_kind_of_fact(event):
    frame = for_agent(fact(event))
    assert frame.kind == kind_of(event)
    assert frame.kind in shared.FactKind.__args__


@pytest.mark.parametrize("event", EVENTS)
def test_visitors_see_every_kind_of_fact_but_notes_and_who_they_are(event):
    is_note = isinstance(event, MessageSent) and event.private
    frame = for_visitor(fact(event))
    is_hidden = is_note or event in (Identified("vera-2", "customer-1"), Unknown(False))
    assert (frame is None) == is_hidden
    assert is_hidden or frame.private is False


def test_a_note_cannot_be_made_into_a_visitors_frame():
    news = Delivery(fact(MessageSent(private=True)))
    with pytest.raises(ValueError, match="not for visitors"):
        news.visitor_frame()


HISTORY = st.lists(st.sampled_from(EVENTS), min_size=1, max_size=30)


def numbered(events):
    """Facts with both numbers, as the batch gives them."""
    facts, shown = [], 0
    for seq, event in enumerate(events, start=1):
        shown += is_visible_to_visitor(event)
        words = CANARY if isinstance(event, MessageSent) and event.private else f"line {seq}"
        facts.append(fact(event, seq, shown, body=Body(words, "Ann", "Ann")))
    return facts


@given(HISTORY)
def test_no_byte_for_a_visitor_holds_a_note_or_a_hole_where_it_was(events):
    frames = [frame for one in numbered(events) if (frame := for_visitor(one)) is not None]
    assert b"canary" not in b"".join(encode(frame) for frame in frames)
    assert [frame.seq for frame in frames] == list(range(1, len(frames) + 1))


@given(HISTORY, st.integers(0, 30))
def test_a_snapshot_and_the_facts_behind_it_equal_a_fresh_snapshot(events, held):
    """Per audience: what was caught up in two parts is what is read at once."""
    facts = numbered(events)
    for project, number in ((for_visitor, "visitor_seq"), (for_agent, "seq")):
        fresh = [frame for one in facts if (frame := project(one)) is not None]
        snapshot = [frame for frame in fresh if frame.seq <= held]
        later = [one for one in facts if (getattr(one, number) or 0) > held]
        assert snapshot + [project(one) for one in later] == fresh


def test_the_client_id_stays_with_its_author():
    said = fact(MessageSent())
    asked = fact(MessageSent(), author=VERA)
    assert for_agent(said, "ann").client_id == "m-1"
    assert for_agent(said, "bob").client_id is None
    assert for_agent(said).client_id is None
    assert for_visitor(said).client_id is None
    assert for_visitor(asked).client_id == "m-1"
    assert for_agent(asked, "ann").client_id is None


def test_an_erased_fact_still_says_what_happened():
    for event in EVENTS:
        erased = fact(event, body=None)
        assert for_agent(erased).text is None
        assert "canary" not in str(for_visitor(erased))


def test_each_kind_carries_its_own_fields():
    assert for_agent(fact(Assigned("bob"), body=Body(agent_name="Bob"))).agent == shared.Agent(
        "bob", "Bob"
    )
    assert for_agent(fact(Closed("idle"))).reason == "idle"
    assert for_agent(fact(MessageSent(private=True))).private is True
    assert for_visitor(fact(Reopened(), author=BOB)).author == shared.Author("agent", "bob", "Bob")


def test_times_are_utc_with_milliseconds():
    assert stamp(datetime(2026, 3, 2, 9, 5, 7, 42_999, tzinfo=UTC)) == "2026-03-02T09:05:07.042Z"
    assert stamp(datetime(999, 3, 2, tzinfo=UTC) + timedelta(0)).endswith("T00:00:00.000Z")


@pytest.mark.parametrize("event", EVENTS)
def test_a_fact_travels_between_nodes_unchanged(event):
    hint = FactsHint([fact(event)])
    assert decode(encode_hint(hint)) == hint


def test_a_frame_is_encoded_once_per_audience():
    news = Delivery(fact(MessageSent()))
    assert news.visitor_frame() is news.visitor_frame()
    assert news.agent_frame("bob") is news.agent_frame("carol")
    assert msgspec.json.decode(news.agent_frame("ann"))["client_id"] == "m-1"
    assert b"client_id" not in news.agent_frame("bob")
