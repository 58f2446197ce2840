"""What happened, one line each: what clients asked and saw, what was stored, which faults came. The
checks look at nothing else; it can be kept in a file and judged again."""

from collections.abc import Callable
from hashlib import blake2b
from typing import BinaryIO
from zlib import crc32

from msgspec import Struct, json

from chatserver.conversation.events import MessageSent, kind_of
from chatserver.conversation.facts import Fact


class Event(Struct, frozen=True, omit_defaults=True, gc=False):
    """`process` is a tab or a console, `author` the person behind it. `f` says what it is about:

    join   a process of `author` appears; `kind` is visitor or agent
    send   invoke, then ok, fail, or info: not known yet
    log    a fact was stored; `shown` is its number for visitors, 0 when they may not see it
    mark   a read mark of `author` was stored
    sub    from here on a process shows a conversation anew; without one: all of them
    fact   a process shows a fact behind all that it holds; `page`: ahead of it
    read   a process is told how far the other side has read
    frame  a frame leaves for a process
    access ok: begins; fail: `author` may do nothing any more, noticed within `seconds`
    fault  something broke, for `seconds`; for one process, or for all
    back   a process holds again all that was stored when it came back, `seconds` after the fault
    held   at rest: a process holds a conversation up to `seq`
    row    at rest: a console shows a conversation as of log position `seq`
    rows   at rest: a console shows `seq` rows
    """

    t: float
    f: str
    process: str = ""
    op: str = "ok"
    conversation: str = ""
    seq: int = 0
    author: str = ""
    client_id: str = ""
    hash: int = 0
    kind: str = ""
    shown: int = 0
    private: bool = False
    seconds: float = 0.0


def hash_of(text: str | None) -> int:
    return crc32(text.encode()) if text else 0


_encode = json.Encoder().encode
decode = json.Decoder(Event).decode


class History:
    """Passes each event on to `see`, and keeps its sum: the same seed must give the same."""

    def __init__(self, see: Callable[[Event], None], file: BinaryIO | None = None) -> None:
        self._see, self._file = see, file
        self._sum = blake2b(digest_size=16)

    def note(self, event: Event) -> None:
        line = _encode(event)
        self._sum.update(line)
        if self._file is not None:
            self._file.write(line + b"\n")
        self._see(event)

    @property
    def digest(self) -> str:
        return self._sum.hexdigest()


def as_stored(now: float, fact: Fact) -> Event:
    """A fact of the log in the words of a history."""
    return Event(
        now,
        "log",
        conversation=fact.conversation_id,
        seq=fact.seq,
        shown=fact.visitor_seq or 0,
        author=fact.author.id or "",
        client_id=fact.client_id or "",
        hash=hash_of(fact.body.text if fact.body else None),
        kind=kind_of(fact.event),
        private=isinstance(fact.event, MessageSent) and fact.event.private,
    )
