"""Tells every node what a commit made true. Publishes only after the commit, never inside."""

from itertools import groupby

from chatserver.broker.base import Broker
from chatserver.conversation.events import begins_for
from chatserver.conversation.facts import Fact
from chatserver.conversation.outcome import Commit, Mark
from chatserver.realtime.hints import (
    FactsHint,
    ReadHint,
    RowHint,
    UnreadHint,
    conversation_topic,
    encode,
    own_topic,
    visitor_topic,
    workspace_topic,
)


class Relay:
    """Turns commits into hints. Losing one is harmless: readers find the fact in the log."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def announce(self, commit: Commit) -> None:
        facts = sorted(commit.facts, key=_key)  # stable: keeps each conversation's order
        for (_, conversation_id), group in groupby(facts, key=_key):
            self._publish_facts(conversation_id, list(group))
        # One for all of a workspace: it says when to read the inbox, not what.
        for workspace_id, conversation_id in dict(map(_key, facts)).items():
            self._broker.publish(workspace_topic(workspace_id), encode(RowHint(conversation_id)))
        for mark in commit.marks:
            self._publish_mark(mark)

    def _publish_facts(self, conversation_id: str, facts: list[Fact]) -> None:
        topic = conversation_topic(conversation_id)
        self._broker.publish(topic, encode(FactsHint(facts)))
        for fact in facts:
            if visitor_id := begins_for(fact.event):
                self._broker.publish(visitor_topic(visitor_id), encode(RowHint(conversation_id)))

    def _publish_mark(self, mark: Mark) -> None:
        hint = ReadHint(mark.is_visitor, mark.reader_id, mark.seq, mark.visitor_seq, mark.count)
        self._broker.publish(conversation_topic(mark.conversation_id), encode(hint))
        if not mark.is_visitor:
            own = UnreadHint(mark.conversation_id, mark.count, mark.written)
            self._broker.publish(own_topic(mark.reader_id), encode(own))


def _key(fact: Fact) -> tuple[str, str]:
    return fact.workspace_id, fact.conversation_id
