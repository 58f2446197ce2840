"""One transaction's worth of commands: load all rows, decide in memory, save all at once."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver import failpoint
from chatserver.conversation import fact_store, store
from chatserver.conversation.claims import Claims
from chatserver.conversation.commands import Command, MarkRead, Open, Rate, Request, SendMessage
from chatserver.conversation.entries import to_entry
from chatserver.conversation.events import Event, MessageSent, Opened, Quoted, Rated, Reopened
from chatserver.conversation.facts import Body, Fact
from chatserver.conversation.files import StoredFile
from chatserver.conversation.marking import move_mark
from chatserver.conversation.model import Actor, AuthorKind, Conversation, Phase
from chatserver.conversation.outcome import Mark, Outcome
from chatserver.conversation.quotes import Quotes
from chatserver.conversation.transitions import (
    Draft,
    Rules,
    begin,
    decide,
    evolve,
    is_visible_to_visitor,
)
from chatserver.errors import ChatError, ClientIdConflict, ConversationEnded, NotFound, Rejected
from chatserver.failpoint import Failpoint
from chatserver.ids import Ids
from chatserver.storage import log
from chatserver.storage.condition import RowHeld

Key = tuple[str, str]


class Batch:
    """Lives for one transaction. `run` may be called once, then `save`. One that is not `patient`
    fails what needs a row that another transaction holds; those are `held` then."""

    def __init__(
        self,
        connection: AsyncConnection,
        *,
        at: datetime,
        ids: Ids,
        rules: Rules,
        patient: bool = True,
    ) -> None:
        self._connection = connection
        self._at = at
        self._ids = ids
        self._rules = rules
        self._is_patient = patient
        self.held: set[Key] = set()
        self._states: dict[Key, Conversation] = {}
        self._stored: dict[Key, Conversation] = {}
        self._by_visitor: dict[Key, Conversation] = {}
        self._sent: dict[tuple[str, str, str], Fact] = {}
        self._caused: set[Key] = set()
        self._new: list[Key] = []
        self._facts: list[Fact] = []
        self._marks: list[Mark] = []
        self._claims = Claims(connection)
        self._quotes = Quotes(connection)

    async def run(self, requests: list[Request]) -> list[Outcome | ChatError]:
        """The outcome of each request, in order; a rejected one leaves no trace."""
        await self._load(requests)
        results: list[Outcome | ChatError] = []
        for request in requests:
            if results:
                failpoint.reach(Failpoint.INSIDE_BATCH)
            try:
                results.append(await self._apply(request))
            except ChatError as error:
                results.append(error)
        return results

    async def save(self) -> tuple[tuple[Fact, ...], tuple[Mark, ...]]:
        """Writes rows and facts; returns the facts with their positions, and the marks."""
        if not self._facts:
            return (), tuple(self._marks)
        # New rows first: inserting may wait for another transaction, and nothing may wait once
        # the log's lock is held. The revision is known only after that.
        new = sorted((self._states[key] for key in self._new), key=lambda row: row.visitor_id)
        await store.insert_rows(self._connection, new)  # all nodes in one order: no deadlock
        await self._claims.save()
        first = await log.append(self._connection, [to_entry(fact) for fact in self._facts])
        facts = tuple(
            replace(fact, position=position) for position, fact in enumerate(self._facts, first)
        )
        revisions = {(f.workspace_id, f.conversation_id): f.position for f in facts}
        rows = [replace(self._states[key], revision=revisions[key]) for key in sorted(revisions)]
        await store.save(self._connection, rows, self._stored)
        return facts, tuple(self._marks)

    async def _load(self, requests: list[Request]) -> None:
        keys = {(r.workspace_id, r.conversation_id) for r in requests if r.conversation_id}
        connection, is_patient = self._connection, self._is_patient
        self._states = await store.load_for_update(connection, keys, patient=is_patient)
        if not is_patient:
            self.held = await store.existing(connection, keys - self._states.keys())
        self._stored = dict(self._states)
        openings = {
            (r.workspace_id, r.command.visitor_id) for r in requests if isinstance(r.command, Open)
        }
        closed = [state for state in self._states.values() if state.phase is Phase.CLOSED]
        openings |= {(state.workspace_id, state.visitor_id) for state in closed}
        self._by_visitor = await store.latest_of_visitors(self._connection, openings)
        known = list(self._states)
        sends = {
            (r.conversation_id, author_id, r.command.client_id, r.actor.id or "")
            for r in requests
            if isinstance(r.command, SendMessage | Rate)
            and (r.workspace_id, r.conversation_id) in self._states
            for author_id in (r.actor.id or "", *r.command.former)
        }
        workspaces = {workspace_id for workspace_id, _ in known}
        found = await fact_store.sent_before(self._connection, workspaces, sends)
        self._sent = {
            _sent_key(fact.conversation_id, fact.author, fact.client_id or ""): fact
            for fact in found.values()
        }
        causes = {r.cause for r in requests if r.cause}
        self._caused = await fact_store.caused_before(self._connection, known, causes)
        await self._claims.load(requests)
        await self._quotes.load(requests)

    async def _apply(self, request: Request) -> Outcome:
        if isinstance(request.command, Open):
            return self._open(request, request.command)
        key = (request.workspace_id, request.conversation_id)
        if key in self.held:
            raise RowHeld
        state = self._states.get(key)
        if state is None or not _is_theirs(state, request.actor):
            raise NotFound
        if isinstance(request.command, MarkRead):
            stored = self._stored.get(key, state)
            mark = await move_mark(self._connection, stored, request.actor, request.command.seq)
            self._marks.extend([mark] if mark else [])
            return Outcome(state, duplicate=mark is None)
        return self._command(request, request.command, state)

    def _open(self, request: Request, command: Open) -> Outcome:
        """The visitor's conversation that can go on, else a new one."""
        state = self._by_visitor.get((request.workspace_id, command.visitor_id))
        if state is not None and self._can_continue(state):
            key = (state.workspace_id, state.id)
            return Outcome(self._states.get(key, state), duplicate=True)
        event = Opened(command.site_id, command.visitor_id, command.greeting)
        body = Body(command.greeting_text or None, author_name=request.actor.name)
        state = begin(self._ids.new(), request.workspace_id, event, self._at)
        self._new.append((state.workspace_id, state.id))
        state = self._record(request, state, Draft(event, body))
        self._by_visitor[request.workspace_id, command.visitor_id] = state
        return Outcome(state, self._facts[-1])

    def _can_continue(self, state: Conversation) -> bool:
        if state.phase is not Phase.CLOSED or state.closed_at is None:
            return True
        return self._at - state.closed_at <= self._rules.reopen_within

    def _command(self, request: Request, command: Command, state: Conversation) -> Outcome:
        if isinstance(command, SendMessage | Rate):
            first = self._sent_before(request, command)
            if first is not None:
                return _repeated(first, command, state)
        if request.cause and (state.id, request.cause) in self._caused:
            return Outcome(state, duplicate=True)
        files, quoted = self._claims.find(request), self._quotes.find(request)
        drafts = decide(state, request.actor, command, self._at, self._rules)
        if files:
            drafts[-1] = _carrying(drafts[-1], files)
        if quoted:
            drafts[-1] = _quoting(drafts[-1], quoted)
        if any(isinstance(draft.event, Reopened) for draft in drafts):
            self._check_alone(state, request.actor)
        for index, draft in enumerate(drafts):
            state = self._record(request, state, draft, cause=None if index else request.cause)
        if files:
            self._claims.take(files, self._facts[-1])
        return Outcome(state, self._facts[-1] if drafts else None)

    def _sent_before(self, request: Request, command: SendMessage | Rate) -> Fact | None:
        """The same message, perhaps from when the visitor was still anonymous."""
        authors = [request.actor, *(replace(request.actor, id=id) for id in command.former)]
        keys = (_sent_key(request.conversation_id, who, command.client_id) for who in authors)
        return next((self._sent[key] for key in keys if key in self._sent), None)

    def _check_alone(self, state: Conversation, actor: Actor) -> None:
        """Raises Rejected when the visitor has gone on in another conversation. To a visitor this
        one is over then, and their client asks for the other."""
        newest = self._by_visitor.get((state.workspace_id, state.visitor_id), state)
        newest = self._states.get((newest.workspace_id, newest.id), newest)
        if newest.id != state.id and newest.phase is not Phase.CLOSED:
            if actor.kind is AuthorKind.VISITOR:
                raise ConversationEnded("it goes on in another conversation")
            raise Rejected("the visitor has a newer open conversation")

    def _record(
        self, request: Request, state: Conversation, draft: Draft, cause: str | None = None
    ) -> Conversation:
        state = evolve(state, draft.event, request.actor.kind, self._at)
        visible = is_visible_to_visitor(draft.event)
        fact = Fact(
            position=0,
            workspace_id=state.workspace_id,
            conversation_id=state.id,
            seq=state.seq,
            visitor_seq=state.visitor_seq if visible else None,
            author=request.actor,
            at=self._at,
            event=draft.event,
            body=draft.body,
            client_id=draft.client_id,
            cause=cause,
        )
        self._facts.append(fact)
        self._states[state.workspace_id, state.id] = state
        if fact.client_id:
            self._sent[_sent_key(state.id, request.actor, fact.client_id)] = fact
        if cause:
            self._caused.add((state.id, cause))
        return state


def _is_theirs(state: Conversation, actor: Actor) -> bool:
    """A visitor has to do with their own conversations alone. It may have become somebody else's
    since the session looked: the customer's, whom the visitor was identified as."""
    return actor.kind is not AuthorKind.VISITOR or actor.id == state.visitor_id


def _sent_key(conversation_id: str, author: Actor, client_id: str) -> fact_store.SentKey:
    """What a `client_id` is unique in: the conversation, and for a visitor all of theirs. A message
    whose answer was lost comes again after days, when the visitor has gone on in a new one."""
    is_visitor = author.kind is AuthorKind.VISITOR
    return "" if is_visitor else conversation_id, author.id or "", client_id


def _carrying(draft: Draft, files: Sequence[StoredFile]) -> Draft:
    """The message with what its files are called."""
    told = tuple(file.told() for file in files)
    return replace(draft, body=replace(draft.body or Body(), files=told))


def _quoting(draft: Draft, quoted: Quoted) -> Draft:
    """The message with the numbers of the one it answers."""
    assert isinstance(draft.event, MessageSent)
    return replace(draft, event=replace(draft.event, quote=quoted))


def _repeated(first: Fact, command: SendMessage | Rate, state: Conversation) -> Outcome:
    """The first answer again. Raises ClientIdConflict when the content differs. What it quoted does
    not count: a message that comes again into another conversation has nothing to quote there."""
    sent = first.event
    if isinstance(sent, MessageSent):
        sent = replace(sent, quote=None)
    if isinstance(command, Rate):
        again: Event = Rated(command.score, command.resolved)
        words: str | None = command.comment or None
    else:
        again, words = MessageSent(command.private, command.files), command.text
    text = first.body.text if first.body else words  # erased: nothing left to compare
    if sent != again or text != words:
        raise ClientIdConflict
    return Outcome(state, first, duplicate=True)
