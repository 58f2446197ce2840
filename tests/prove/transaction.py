"""One transaction over the model store: conversation/batch.py and marking.py step by step, with the
real rules (decide, evolve). Nothing is visible before `commit`."""

from datetime import datetime

from msgspec.structs import replace

from chatserver.conversation.commands import Command, MarkRead, Open, Request, SendMessage
from chatserver.conversation.events import MessageSent, Opened, Reopened
from chatserver.conversation.facts import Body, Fact
from chatserver.conversation.model import AuthorKind, Conversation, Phase
from chatserver.conversation.outcome import Commit, Mark, Outcome
from chatserver.conversation.transitions import (
    Draft,
    Rules,
    begin,
    decide,
    evolve,
    is_visible_to_visitor,
)
from chatserver.errors import ChatError, ClientIdConflict, NotFound, Rejected
from tests.prove.store import SentKey, Store, sent_key

WORKSPACE = "acme"


class Transaction:
    """`run` the requests, then `commit`; or forget it, and nothing happened."""

    def __init__(self, store: Store, *, at: datetime, rules: Rules, broken: str = "") -> None:
        self._store, self._at, self._rules = store, at, rules
        self._broken = broken
        self._rows: dict[str, Conversation] = {}
        self._newest: dict[str, str] = {}
        self._sent: dict[SentKey, Fact] = {}
        self.marks: list[Mark] = []
        self.facts: list[Fact] = []

    def run(self, requests: list[Request]) -> list[Outcome | ChatError]:
        results: list[Outcome | ChatError] = []
        for request in requests:
            try:
                results.append(self._apply(request))
            except ChatError as error:
                results.append(error)
        return results

    def commit(self) -> Commit:
        for fact in self.facts:
            key = fact.conversation_id
            self._rows[key] = replace(self._rows[key], revision=fact.position)
        self._store.write(self.facts, self._rows)
        marks = []
        for mark in self.marks:
            if self._broken == "mark without max":
                self._store.marks.setdefault(mark.conversation_id, {}).pop(mark.reader_id, None)
            if self._store.move_mark(mark.conversation_id, mark.reader_id, mark.seq, mark.count):
                marks.append(mark)
        return Commit(tuple(self.facts), tuple(marks))

    def _row(self, conversation_id: str) -> Conversation | None:
        return self._rows.get(conversation_id) or self._store.rows.get(conversation_id)

    def _newest_of(self, visitor_id: str) -> Conversation | None:
        key = self._newest.get(visitor_id) or self._store.newest.get(visitor_id)
        return self._row(key) if key else None

    def _apply(self, request: Request) -> Outcome:
        command = request.command
        if isinstance(command, Open):
            return self._open(request, command)
        state = self._row(request.conversation_id)
        if state is None:
            raise NotFound
        if isinstance(command, MarkRead):
            return self._mark(request, state, command.seq)
        return self._command(request, command, state)

    def _open(self, request: Request, command: Open) -> Outcome:
        state = self._newest_of(command.visitor_id)
        if state is not None and self._can_continue(state):
            return Outcome(state, duplicate=True)
        event = Opened(command.site_id, command.visitor_id)
        new_id = f"{command.visitor_id}.{self._store.position + len(self.facts)}"
        state = begin(new_id, WORKSPACE, event, self._at)
        state = self._record(request, state, Draft(event, Body(author_name=request.actor.name)))
        self._newest[command.visitor_id] = state.id
        return Outcome(state, self.facts[-1])

    def _can_continue(self, state: Conversation) -> bool:
        if state.phase is not Phase.CLOSED or state.closed_at is None:
            return True
        return self._at - state.closed_at <= self._rules.reopen_within

    def _command(self, request: Request, command: Command, state: Conversation) -> Outcome:
        if isinstance(command, SendMessage):
            first = self._first(sent_key(state.id, request.actor, command.client_id))
            if first is not None:
                return _repeated(first, command, state)
        drafts = decide(state, request.actor, command, self._at, self._rules)
        if any(isinstance(draft.event, Reopened) for draft in drafts):
            newest = self._newest_of(state.visitor_id)
            if newest and newest.id != state.id and newest.phase is not Phase.CLOSED:
                raise Rejected("the visitor has a newer open conversation")
        for draft in drafts:
            state = self._record(request, state, draft)
        return Outcome(state, self.facts[-1] if drafts else None)

    def _first(self, key: SentKey) -> Fact | None:
        if self._broken == "no dedupe":
            return None
        return self._sent.get(key) or self._store.sent.get(key)

    def _record(self, request: Request, state: Conversation, draft: Draft) -> Conversation:
        state = evolve(state, draft.event, request.actor.kind, self._at)
        visible = is_visible_to_visitor(draft.event)
        if not visible and self._broken.startswith("note "):
            state = replace(state, visitor_seq=state.visitor_seq + 1)
            visible = self._broken == "note shown to the visitor"
        fact = Fact(
            position=self._store.position + len(self.facts) + 1,
            workspace_id=WORKSPACE,
            conversation_id=state.id,
            seq=state.seq,
            visitor_seq=state.visitor_seq if visible else None,
            author=request.actor,
            at=self._at,
            event=draft.event,
            body=draft.body,
            client_id=draft.client_id,
        )
        self.facts.append(fact)
        self._rows[state.id] = state
        if fact.client_id:
            self._sent[sent_key(state.id, request.actor, fact.client_id)] = fact
        return state

    def _mark(self, request: Request, state: Conversation, seq: int) -> Outcome:
        stored, store = self._store.rows.get(state.id), self._store
        if stored is None:
            return Outcome(state, duplicate=True)
        is_visitor = request.actor.kind is AuthorKind.VISITOR
        if is_visitor:
            visitor_seq = min(seq, stored.visitor_seq)
            agents_seq = store.to_agents(state.id, visitor_seq)
        else:
            agents_seq = min(seq, stored.seq)
            visitor_seq = store.to_visitors(state.id, agents_seq)
        count = written = stored.agent_messages if is_visitor else stored.visitor_messages
        reader = request.actor.id or ""
        self.marks.append(
            Mark(WORKSPACE, state.id, reader, is_visitor, agents_seq, visitor_seq, count, written)
        )
        return Outcome(state)


def _repeated(first: Fact, command: SendMessage, state: Conversation) -> Outcome:
    text = first.body.text if first.body else command.text
    same = isinstance(first.event, MessageSent) and first.event.private == command.private
    if not same or text != command.text:
        raise ClientIdConflict
    return Outcome(state, first, duplicate=True)
