"""Stands at every socket and every commit: what goes to whom, who still acts, what goes back."""

from typing import TYPE_CHECKING

from chatserver.conversation.model import AuthorKind
from tests.prove.agent_desk import AgentDesk
from tests.prove.observer import Witness
from tests.prove.socket import Socket
from tests.prove.transaction import Transaction
from tests.prove.visitor_desk import VisitorDesk

if TYPE_CHECKING:
    from tests.prove.node import Site

# After the end of access, in seconds: frames still under way; with the hint lost; commands.
LEAK_SECONDS = 30.0
ZOMBIE_SECONDS = 30.0

_CONVERSATION = b'"conversation":"'


class Guard:
    def __init__(self, witness: Witness, site: "Site") -> None:
        self._witness = witness
        self._marks: dict[tuple[str, str], int] = {}
        self._heads: dict[str, int] = {}
        self._revoked: dict[str, float] = {}
        site.wrote = self.wrote
        site.committed = self.committed

    def revoked(self, agent_id: str) -> None:
        self._revoked[agent_id] = self._witness.schedule.now

    def wrote(self, socket: Socket, data: bytes) -> None:
        """A frame leaves. Conversations carry their visitor's name, notes their kind."""
        desk = socket.desk
        if isinstance(desk, VisitorDesk):
            own = _CONVERSATION + f"{desk.visitor_id}.".encode()
            if data.count(_CONVERSATION) != data.count(own):
                self._leak(f"{desk.visitor_id} is sent a foreign conversation")
            if b'"private":true' in data or b'"note of ' in data:
                self._leak(f"{desk.visitor_id} is sent a note")
        elif self._revoked and isinstance(desk, AgentDesk):
            since = self._revoked.get(desk.agent_id or "")
            if since is not None and self._witness.schedule.now - since > LEAK_SECONDS:
                self._leak(f"{desk.agent_id} still listens")

    def committed(self, transaction: Transaction) -> None:
        now, witness = self._witness.schedule.now, self._witness
        for fact in transaction.facts:
            witness.committed_at.append(now)
            head = self._heads.get(fact.conversation_id, 0)
            if fact.seq <= head:
                self._found("regress", f"head of {fact.conversation_id}: {head} → {fact.seq}")
            self._heads[fact.conversation_id] = fact.seq
            since = self._revoked.get(fact.author.id or "")
            if since is not None and now - since > ZOMBIE_SECONDS:
                self._found("zombie", f"{fact.author.id} writes {now - since:.0f} s after the end")
            if fact.author.kind is AuthorKind.VISITOR and fact.conversation_id.split(".")[0] != (
                fact.author.id
            ):
                self._leak(f"{fact.author.id} writes into {fact.conversation_id}")
        for mark in transaction.marks:
            self._check_mark(mark.conversation_id, mark.reader_id)

    def _check_mark(self, conversation_id: str, reader: str) -> None:
        seq = self._witness.store.marks[conversation_id][reader][0]
        before = self._marks.get((conversation_id, reader), 0)
        if seq < before:
            self._found("regress", f"mark of {reader} in {conversation_id}: {before} → {seq}")
        self._marks[conversation_id, reader] = max(before, seq)

    def _leak(self, what: str) -> None:
        self._found("leak", what)

    def _found(self, kind: str, what: str) -> None:
        self._witness.anomalies.found(kind, f"{what} (at {self._witness.schedule.now:.3f} s)")
