"""The hub: one subscription per topic, facts one by one, and nothing after leaving."""

import asyncio
import logging

import pytest
from msgspec.structs import replace

from chatserver.broker.memory import MemoryBroker
from chatserver.conversation.outcome import Commit, Mark
from chatserver.realtime.hints import (
    FactsHint,
    ReadHint,
    RowHint,
    UnreadHint,
    conversation_topic,
    encode,
    own_topic,
    workspace_topic,
)
from chatserver.realtime.hub import Hub
from chatserver.realtime.news import Delivery
from chatserver.realtime.relay import Relay
from tests.support.play import said

TOPIC = conversation_topic("c")


class CountingBroker(MemoryBroker):
    """Counts who subscribes to what; a hint is delivered when the test says so."""

    def __init__(self):
        self.waiting = []
        self.topics = []
        super().__init__(lambda deliver, *args: self.waiting.append((deliver, args)))

    def subscribe(self, topic, listener):
        self.topics.append(topic)
        unsubscribe = super().subscribe(topic, listener)

        def leave():
            self.topics.remove(topic)
            unsubscribe()

        return leave

    def deliver(self):
        while self.waiting:
            deliver, args = self.waiting.pop(0)
            deliver(*args)


@pytest.fixture
def broker():
    return CountingBroker()


@pytest.fixture
def hub(broker):
    return Hub(broker)


def listen(hub, topic=TOPIC):
    """A listener's ears and how to close them."""
    heard = []
    return heard, hub.follow(topic, lambda topic, news: heard.append(news))


def seqs(heard):
    return [news.fact.seq for news in heard if isinstance(news, Delivery)]


def test_many_listeners_share_one_subscription(hub, broker):
    (first, leave_first), (second, leave_second) = listen(hub), listen(hub)
    assert broker.topics == [TOPIC]
    broker.publish(TOPIC, encode(FactsHint([said(1), said(2)])))
    broker.deliver()
    assert seqs(first) == seqs(second) == [1, 2]
    assert first[0] is second[0], "decoded once, encoded once"
    leave_first()
    assert broker.topics == [TOPIC]
    leave_second()
    assert broker.topics == []


def test_who_left_hears_nothing_and_may_leave_twice(hub, broker):
    (gone, leave), (here, _) = listen(hub), listen(hub)
    leave()
    leave()
    broker.publish(TOPIC, encode(FactsHint([said(1)])))
    broker.deliver()
    assert (seqs(gone), seqs(here)) == ([], [1])


def test_who_leaves_while_facts_come_harms_nobody(hub, broker):
    leaves = []
    leaves.append(hub.follow(TOPIC, lambda topic, news: leaves.pop()() if leaves else None))
    heard, _ = listen(hub)
    broker.publish(TOPIC, encode(FactsHint([said(1), said(2)])))
    broker.deliver()
    assert seqs(heard) == [1, 2]


def test_an_unreadable_hint_is_dropped(hub, broker, caplog):
    caplog.set_level(logging.CRITICAL)
    heard, _ = listen(hub)
    for hint in (b"", b"not json", b"{}", b'{"type":"unheard-of"}'):
        broker.publish(TOPIC, hint)
    broker.publish(TOPIC, encode(FactsHint([said(1)])))
    broker.deliver()
    assert seqs(heard) == [1]


def test_the_hub_knows_whether_anybody_awaits_a_fact(hub, broker):
    _, leave = listen(hub)
    assert hub.awaits("c", 1)
    assert not hub.awaits("d", 1)
    broker.publish(TOPIC, encode(FactsHint([said(1), said(2)])))
    broker.deliver()
    assert not hub.awaits("c", 2)
    assert hub.awaits("c", 3)
    leave()
    assert not hub.awaits("c", 3)


def test_a_note_does_not_hide_that_visitors_miss_a_fact(hub, broker):
    listen(hub)
    broker.publish(TOPIC, encode(FactsHint([replace(said(2), visitor_seq=None)])))
    broker.deliver()
    assert hub.awaits("c", 1)


def test_a_fact_found_in_the_log_reaches_the_followers(hub):
    heard, _ = listen(hub)
    hub.deliver(said(7))
    assert seqs(heard) == [7]


def test_a_commit_is_published_by_conversation_and_in_order(hub, broker):
    heard, _ = listen(hub)
    rows, _ = listen(hub, workspace_topic("acme"))
    Relay(broker).announce(Commit((said(1), said(2)), ()))
    broker.deliver()
    assert seqs(heard) == [1, 2]
    assert RowHint("c") in rows


def test_a_mark_is_published_to_the_chat_and_an_agents_own_to_all_their_tabs(hub, broker):
    heard, _ = listen(hub)
    ann, _ = listen(hub, own_topic("ann"))
    vera, _ = listen(hub, own_topic("vera"))
    marks = (
        Mark("acme", "c", "ann", False, 9, 6, 4, 5),
        Mark("acme", "c", "vera", True, 8, 5, 3, 3),
    )
    Relay(broker).announce(Commit((), marks))
    broker.deliver()
    assert [news for news in heard if isinstance(news, ReadHint)] == [
        ReadHint(False, "ann", 9, 6, 4),
        ReadHint(True, "vera", 8, 5, 3),
    ]
    assert ann == [UnreadHint("c", 4, 5)]
    assert vera == []


async def test_the_memory_broker_delivers_on_the_next_turn_of_the_loop():
    broker = MemoryBroker(asyncio.get_running_loop().call_soon)
    heard, _ = listen(Hub(broker))
    broker.publish(TOPIC, encode(FactsHint([said(1)])))
    assert seqs(heard) == []
    await asyncio.sleep(0)
    assert seqs(heard) == [1]
