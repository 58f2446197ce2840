"""Takes commands, commits them in batches, and says what became of each.

Whatever waits is committed as one transaction with one fsync. A rejected command writes nothing and
fails alone; a batch that breaks a constraint is run again one by one, and one that has waited for
a row in vain without those who want that row. Nothing is announced before the commit.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver import failpoint
from chatserver.clock import Clock
from chatserver.conversation.batch import Batch, Key
from chatserver.conversation.commands import Open, Request
from chatserver.conversation.outcome import Commit, Outcome, placed
from chatserver.conversation.transitions import Rules
from chatserver.counting import Spread
from chatserver.errors import ChatError, Internal, Unavailable
from chatserver.failpoint import Failpoint
from chatserver.ids import Ids
from chatserver.storage.condition import RowHeld
from chatserver.storage.database import Database

log = logging.getLogger(__name__)

# Requests that may wait for a commit. At 10,000 a second this is half a second of work; a longer
# queue would only turn into replies that come after their client gave up.
QUEUE_LIMIT = 5000
# Most requests of one transaction: keeps it under 20 ms, because SQLite has one writer for all.
BATCH_LIMIT = 200
# A batch that follows a fuller one waits a little, so that the next is not of one. In seconds.
LINGER_LIMIT = 0.004
# Of one command: with all others, among fewer, alone.
TRIES = 3


Announce = Callable[[Commit], None]
Waiting = tuple[Request, "asyncio.Future[Outcome]"]


class Conversations:
    """The one way to change a conversation. Run `run()` for as long as commands may come."""

    def __init__(
        self, *, database: Database, clock: Clock, ids: Ids, rules: Rules, announce: Announce
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._rules = rules
        self._announce = announce
        self._waiting: deque[Waiting] = deque()
        self._wake = asyncio.Event()
        self._unanswered = 0
        self._held: set[Key] = set()  # perhaps, by another transaction
        self.sizes = Spread(1, 2, 5, 10, 20, 50, 100, BATCH_LIMIT)
        self.seconds = Spread(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)
        self.failures: Counter[str] = Counter()
        self._is_settled = asyncio.Event()
        self._is_settled.set()

    @property
    def waiting(self) -> int:
        """Commands that no transaction has taken yet; `QUEUE_LIMIT` is the most."""
        return len(self._waiting)

    def submit(self, request: Request) -> "asyncio.Future[Outcome]":
        """Queues a command. The future ends with its outcome after the commit, or with the
        ChatError that says why not. Raises Unavailable when too much is waiting."""
        if len(self._waiting) >= QUEUE_LIMIT:
            self.failures["queue_full"] += 1
            raise Unavailable("too many messages are waiting to be stored", retry_after=1)
        future = asyncio.get_running_loop().create_future()
        self._unanswered += 1
        self._is_settled.clear()
        future.add_done_callback(self._answered)
        self._waiting.append((request, future))
        self._wake.set()
        return future

    async def settle(self) -> None:
        """Returns when every command has its answer."""
        await self._is_settled.wait()

    async def run(self) -> None:
        """Commits batches until cancelled."""
        size = 0
        while True:
            await self._wake.wait()
            if size > 1:
                await asyncio.sleep(min(LINGER_LIMIT, size * 0.0002))
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), BATCH_LIMIT))]
            if not self._waiting:
                self._wake.clear()
            size = len(batch)
            await self._commit_or_split(batch)

    def _answered(self, _: "asyncio.Future[Outcome]") -> None:
        self._unanswered -= 1
        if not self._unanswered:
            self._is_settled.set()

    async def _commit_or_split(self, waiting: Sequence[Waiting], tries: int = TRIES) -> None:
        for part in await self._unanswered_parts(waiting):
            if tries > 1:
                await self._commit_or_split(part, tries - 1)
            else:
                _fail(part, Unavailable("two requests met; try again"))

    async def _unanswered_parts(self, waiting: Sequence[Waiting]) -> Sequence[Sequence[Waiting]]:
        """Commits these and answers everybody, whatever happens; but for those who may fare better
        apart: they break a constraint, or one of them wants what another transaction holds."""
        is_patient = self._held.isdisjoint(_keys(waiting))
        try:
            await self._commit(waiting, is_patient)
        except IntegrityError:
            return [[one] for one in waiting]
        except RowHeld as error:
            self.failures[error.code] += 1
            self._held |= _keys(waiting)
            parts = _by_rows(waiting)
            if is_patient or len(parts) > 1:
                return parts
            _fail(waiting, error)
        except ChatError as error:
            self.failures[error.code] += 1
            _fail(waiting, error)
        except Exception:
            self.failures[Internal.code] += 1
            log.exception("batch failed", extra={"size": len(waiting)})
            _fail(waiting, Internal())
        return []

    async def _commit(self, waiting: Sequence[Waiting], is_patient: bool) -> None:
        async def work(
            connection: AsyncConnection,
        ) -> tuple[list[Outcome | ChatError], Commit, set[Key]]:
            at = self._clock.now()
            batch = Batch(connection, at=at, ids=self._ids, rules=self._rules, patient=is_patient)
            results = await batch.run([request for request, _ in waiting])
            commit = Commit(*await batch.save())
            failpoint.reach(Failpoint.AFTER_INSERT)
            return results, commit, batch.held

        failpoint.reach(Failpoint.BEFORE_BEGIN)
        began = self._clock.monotonic()
        results, commit, held = await self._database.write_whole(work)
        self._held = (self._held - _keys(waiting)) | held
        self.sizes.add(len(waiting))
        self.seconds.add(self._clock.monotonic() - began)
        failpoint.reach(Failpoint.AFTER_COMMIT)
        try:
            self._announce(commit)
            failpoint.reach(Failpoint.AFTER_HINT)
        finally:  # it is stored, whoever could not be told
            _answer(waiting, placed(results, commit.facts))


def _keys(waiting: Sequence[Waiting]) -> set[Key]:
    return {(request.workspace_id, request.conversation_id) for request, _ in waiting}


def _by_rows(waiting: Sequence[Waiting]) -> list[Sequence[Waiting]]:
    """Those who need the row of a conversation, of which one can tell who holds it; and those who
    make one, of which one cannot."""
    openings = [one for one in waiting if isinstance(one[0].command, Open)]
    others = [one for one in waiting if not isinstance(one[0].command, Open)]
    return [part for part in (others, openings) if part]


def _answer(waiting: Sequence[Waiting], results: Sequence[Outcome | ChatError]) -> None:
    for (_, future), result in zip(waiting, results, strict=True):
        if future.done():
            continue  # whoever asked is gone
        if isinstance(result, ChatError):
            future.set_exception(result)
        else:
            future.set_result(result)


def _fail(waiting: Sequence[Waiting], error: ChatError) -> None:
    for _, future in waiting:
        if not future.done():
            future.set_exception(error)
