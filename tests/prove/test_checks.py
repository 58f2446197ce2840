"""Each check flags the history that breaks its promise and passes the one that keeps it."""

import pytest

from tests.prove.anomalies import ANOMALIES
from tests.prove.checks import check
from tests.prove.history import Event, hash_of

CHAT = "vera.1"


def visitor(process="tab", author="vera"):
    return Event(0, "join", process, author=author, kind="visitor")


def agent(process="ann", author="ann"):
    return Event(0, "join", process, author=author, kind="agent")


def opened(t=1, conversation=CHAT, author="vera"):
    kind = "conversation.opened"
    return Event(t, "log", conversation=conversation, seq=1, shown=1, author=author, kind=kind)


def closed(t, seq, conversation=CHAT):
    return stored(t, seq, conversation=conversation, kind="conversation.closed")


def stored(t, seq, text="", *, shown=None, author="vera", client_id="", **more):
    more = {"conversation": CHAT, "kind": "message.sent"} | more
    shown = seq if shown is None else shown
    more |= {"author": author, "client_id": client_id, "hash": hash_of(text)}
    return Event(t, "log", seq=seq, shown=shown, **more)


def asked(t, client_id, text="", *, process="tab", author="vera"):
    more = {"author": author, "client_id": client_id, "hash": hash_of(text)}
    return Event(t, "send", process, "invoke", "visitor", **more)


def answered(t, client_id, op="ok"):
    return Event(t, "send", op=op, client_id=client_id)


def shown(t, seq, text="", **more):
    more = {"f": "fact", "process": "tab", "conversation": CHAT, "author": "vera"} | more
    return Event(t, seq=seq, hash=hash_of(text), **more)


def held(seq, process="tab", conversation=CHAT):
    return Event(900, "held", process, conversation=conversation, seq=seq)


def read(t, seq):
    return Event(t, "read", "tab", conversation=CHAT, seq=seq)


def mark(t, seq):
    return Event(t, "mark", conversation=CHAT, author="ann", seq=seq)


def frame(t, conversation, process="tab", **more):
    return Event(t, "frame", process, conversation=conversation, **more)


def ended(t, seconds=30.0, author="ann"):
    return Event(t, "access", op="fail", author=author, seconds=seconds)


def fault(t, seconds=0.0):
    return Event(t, "fault", "tab", "info", kind="connection cut", seconds=seconds)


ONE = [visitor(), opened(), shown(1, 1)]
SAID = [*ONE, asked(2, "m1", "hi"), stored(3, 2, "hi", client_id="m1")]
NOTE = stored(3, 2, "a note", shown=0, author="ann")
THREE = [*ONE, stored(2, 2), stored(2, 3), stored(2, 4)]
BOTH = [visitor(), visitor("other", "otto"), opened(), opened(1, "otto.1", "otto")]

BROKEN = {
    "lost: acknowledged and not stored": [*ONE, asked(2, "m1"), answered(3, "m1")],
    "lost: never went out": [*ONE, asked(2, "m1"), answered(3, "m1", "info")],
    "lost: not on screen at rest": [*ONE, stored(2, 2), held(1)],
    "lost: the newest chat is not known": [visitor(), opened(), held(0, conversation="")],
    "lost: a row of the inbox is old": [agent(), opened(), stored(2, 2), row := Event(
        900, "row", "ann", conversation=CHAT, seq=1
    )],
    "lost: a row of the inbox is missing": [agent(), opened(), Event(900, "rows", "ann", seq=0)],
    "lost: a closed chat is still shown": [agent(), opened(), closed(2, 2), row],
    "duplicate: stored twice": [*SAID, stored(4, 3, "hi", client_id="m1")],
    "duplicate: shown twice": [*THREE, shown(3, 2), shown(3, 2)],
    "reorder: stored against the order of writing": [
        *ONE, asked(2, "m1"), asked(2, "m2"), stored(3, 2, client_id="m2"),
        stored(3, 3, client_id="m1"),
    ],
    "reorder: shown backwards": [visitor(), opened(), stored(2, 2), shown(3, 2), shown(3, 1)],
    "gap: a number was left out on screen": [*THREE, shown(3, 2), shown(3, 4)],
    "gap: an older page does not join": [
        *THREE[:2], *THREE[3:], shown(3, 4), shown(4, 2, f="page")
    ],
    "gap: a number was left out in the log": [visitor(), opened(), stored(2, 3)],
    "gap: a note took one of the visitors' numbers": [*ONE, NOTE, stored(4, 3, shown=3)],
    "phantom: shown and not stored": [*ONE, shown(2, 2)],
    "phantom: stored and never written": [*ONE, stored(2, 2, client_id="m1")],
    "phantom: refused and stored": [*SAID, answered(4, "m1", "fail")],
    "phantom: stored with another text": [
        *ONE, asked(2, "m1", "hi"), stored(3, 2, "ha", client_id="m1")
    ],
    "divergent: another text on screen": [*SAID, shown(4, 2, "ha")],
    "divergent: another author on screen": [*SAID, shown(4, 2, "hi", author="ann")],
    "divergent: two chats in one view": [
        *ONE, closed(2, 2), shown(2, 2), opened(3, "vera.2"), shown(4, 1, conversation="vera.2")
    ],
    "leak: another visitor's chat": [*BOTH, frame(2, "otto.1")],
    "leak: a note": [visitor(), opened(), frame(2, CHAT, private=True)],
    "leak: after access has ended": [agent(), ended(10), frame(41, "", "ann")],
    "leak: after access has ended and was noticed": [agent(), ended(10, 1), frame(12, "", "ann")],
    "regress: a read mark in the store": [*THREE, mark(3, 3), mark(4, 2)],
    "regress: a read mark on screen": [*ONE, read(2, 5), read(3, 4)],
    "regress: a head": [*ONE, stored(2, 2), stored(3, 2)],
    "zombie: writes after the end": [agent(), *ONE, ended(10), stored(41, 2, author="ann")],
    "stale: shown too late": [*ONE, stored(2, 2), shown(63, 2)],
    "stale: too late after a fault": [*ONE, stored(2, 2), fault(10, 20), shown(91, 2)],
    "stale: back too late": [visitor(), Event(90, "back", "tab", kind="half-open", seconds=61.0)],
}  # fmt: skip

SOUND = {
    "lost: answered, stored and shown": [*SAID, answered(4, "m1"), shown(4, 2, "hi"), held(2)],
    "lost: unknown, and stored all the same": [*SAID, answered(4, "m1", "info")],
    "lost: refused and not stored": [*ONE, asked(2, "m1"), answered(3, "m1", "fail")],
    "lost: whoever wrote it is gone": [agent(), ended(5), asked(2, "m1", author="ann")],
    "lost: a closed chat need not be known": [
        visitor(), opened(), closed(2, 2), held(0, conversation="")
    ],
    "lost: rows as they are": [
        agent(), opened(), stored(2, 2), Event(900, "row", "ann", conversation=CHAT, seq=2),
        Event(900, "rows", "ann", seq=1),
    ],
    "duplicate: shown again after starting anew": [
        *THREE, shown(3, 2), Event(4, "sub", "tab"), shown(5, 2), shown(5, 3)
    ],
    "duplicate: answered twice": [*SAID, answered(4, "m1"), answered(5, "m1")],
    "reorder: a refused one changes no order": [
        *ONE, asked(2, "m1"), asked(2, "m2"), answered(3, "m1", "fail"),
        stored(3, 2, client_id="m2"),
    ],
    "reorder: two tabs have two orders": [
        *ONE, asked(2, "m1"), asked(2, "m2", process="tab2"), stored(3, 2, client_id="m2"),
        stored(3, 3, client_id="m1"),
    ],
    "gap: an older page joins": [*THREE[:2], *THREE[3:], shown(3, 4), shown(4, 3, f="page")],
    "gap: a note has no number for visitors": [*ONE, NOTE, stored(4, 3, shown=2), shown(5, 2)],
    "phantom: what nobody wrote has no client_id": [*ONE, closed(2, 2), shown(3, 2)],
    "divergent: the next chat after starting anew": [
        *ONE, closed(2, 2), opened(3, "vera.2"), Event(3, "sub", "tab"),
        shown(4, 1, conversation="vera.2"),
    ],
    "leak: own chat, and an agent's note": [
        *BOTH, agent(), frame(2, CHAT), frame(2, "otto.1", "other"),
        frame(2, CHAT, "ann", private=True),
    ],
    "leak: in time": [agent(), ended(10, 1), frame(10.9, "", "ann")],
    "leak: access was given back": [
        agent(), ended(10), Event(20, "access", author="ann"), frame(90, "", "ann")
    ],
    "regress: marks and heads that go forward": [
        *ONE, stored(2, 2), mark(3, 1), mark(4, 2), mark(4, 2), read(5, 1), read(6, 2)
    ],
    "zombie: under way when it ended": [agent(), *ONE, ended(10), stored(39, 2, author="ann")],
    "stale: late because of a fault": [*ONE, stored(2, 2), fault(50, 20), shown(129, 2)],
    "stale: late because nobody looked": [visitor(), opened(), shown(500, 1)],
    "stale: back in time": [visitor(), Event(90, "back", "tab", kind="half-open", seconds=59.0)],
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_is_flagged(name):
    assert set(check(BROKEN[name]).counts) == {name.split(":")[0]}


@pytest.mark.parametrize("name", SOUND)
def test_a_kept_promise_passes(name):
    assert check(SOUND[name]).examples == []


def test_every_anomaly_has_histories_of_both_kinds():
    for histories in (BROKEN, SOUND):
        assert {name.split(":")[0] for name in histories} == set(ANOMALIES)


def test_the_log_may_come_first_as_read_from_a_database():
    log_first = sorted([*SAID, answered(4, "m1"), shown(4, 2, "hi"), held(2)], key=_log_first)
    assert check(log_first).examples == []


def _log_first(event):
    return {"join": 0, "log": 1}.get(event.f, 2)
