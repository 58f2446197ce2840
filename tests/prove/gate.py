"""Stands at every socket and every commit, and writes down what passes."""

import re
from typing import TYPE_CHECKING

from tests.prove.agent_desk import AgentDesk
from tests.prove.history import Event, as_stored
from tests.prove.observer import Witness
from tests.prove.socket import Socket
from tests.prove.transaction import Transaction

if TYPE_CHECKING:
    from tests.prove.site import Site

_conversations = re.compile(rb'"conversation":"([^"]*)"').findall


class Gate:
    def __init__(self, witness: Witness, site: "Site") -> None:
        self._witness = witness
        site.wrote = self.wrote
        site.committed = self.committed

    def wrote(self, socket: Socket, data: bytes) -> None:
        """A frame leaves. Notes say in their text what they are."""
        process = socket.link.process
        now, note = self._witness.now, self._witness.history.note
        if isinstance(socket.desk, AgentDesk):
            note(Event(now, "frame", process))
            return
        private = b"note of " in data
        for conversation in dict.fromkeys(_conversations(data)) or (b"",):
            key = conversation.decode()
            note(Event(now, "frame", process, conversation=key, private=private))

    def committed(self, transaction: Transaction) -> None:
        now, note = self._witness.now, self._witness.history.note
        for fact in transaction.facts:
            note(as_stored(now, fact))
        for mark in transaction.marks:
            seq = self._witness.store.marks[mark.conversation_id][mark.reader_id][0]
            key, reader = mark.conversation_id, mark.reader_id
            note(Event(now, "mark", conversation=key, author=reader, seq=seq))
