"""What an engine's failure says about the database, and who is told how often."""

import sqlite3
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from chatserver.storage.condition import Condition, NotStored, Trouble, trouble_of
from chatserver.storage.guard import QUIET_SECONDS, Guard


class DriverError(Exception):
    def __init__(self, **known):
        self.__dict__.update(known)


@pytest.fixture
def guard(clock):
    guard = Guard(clock)
    guard.is_watched = True
    return guard


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (sqlite3.SQLITE_FULL, Trouble.FULL),
        (sqlite3.SQLITE_READONLY, Trouble.READ_ONLY),
        (sqlite3.SQLITE_READONLY_DBMOVED, Trouble.READ_ONLY),
        (sqlite3.SQLITE_BUSY, Trouble.LOCKED),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Trouble.LOCKED),
        (sqlite3.SQLITE_IOERR_WRITE, Trouble.FAILING),
        (sqlite3.SQLITE_CANTOPEN, Trouble.AWAY),
        (sqlite3.SQLITE_CONSTRAINT, None),
    ],
)
def test_sqlite_says_by_its_code_what_is_wrong(code, trouble):
    assert trouble_of(DriverError(sqlite_errorcode=code)) is trouble


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        ("53100", Trouble.FULL),
        ("25006", Trouble.READ_ONLY),
        ("55P03", Trouble.LOCKED),
        ("57P01", Trouble.AWAY),
        ("08006", Trouble.AWAY),
        ("40P01", None),  # two transactions met: the next try works
        ("53300", None),  # too many connections: load, not the disk
    ],
)
def test_postgresql_says_by_its_state_what_is_wrong(state, trouble):
    assert trouble_of(DriverError(sqlstate=state)) is trouble


def test_a_refused_connection_means_that_the_database_is_away():
    assert trouble_of(ConnectionRefusedError()) is Trouble.AWAY
    assert trouble_of(ValueError()) is None


def test_writes_fail_at_once_until_a_probe_worked(guard):
    guard.check()
    guard.failed(Trouble.FULL)
    with pytest.raises(NotStored) as caught:
        guard.check()
    assert (caught.value.code, caught.value.temporary) == ("unavailable", True)
    assert caught.value.retry_after
    guard.worked()
    guard.check()


def test_without_a_watch_everybody_tries_for_themselves(clock):
    guard = Guard(clock)
    guard.failed(Trouble.FULL)
    guard.check()


def test_everybody_is_told_each_change_once(guard):
    told = []
    leave = guard.watch(lambda condition: told.append(condition.word))
    for _ in range(3):
        guard.failed(Trouble.FULL)
    guard.failed(Trouble.FAILING)  # nothing new: that it fails we know
    guard.failed(Trouble.READ_ONLY)
    guard.worked()
    guard.worked()
    leave()
    guard.failed(Trouble.FULL)
    assert told == ["full", "read_only", "ok"]


def test_a_nearly_full_disk_is_a_warning_that_a_trouble_outweighs(guard):
    told = []
    guard.watch(told.append)
    guard.measured(None)
    guard.measured(312)
    guard.failed(Trouble.FULL)
    guard.measured(0)
    guard.worked()
    guard.measured(None)
    assert [condition.word for condition in told] == ["low", "full", "full", "low", "ok"]
    assert told[0] == Condition(None, 312)


def test_a_trouble_that_comes_and_goes_does_not_fill_the_log(guard, clock):
    with capture_logs() as lines:
        for _ in range(100):
            guard.failed(Trouble.LOCKED)
            guard.failed(Trouble.LOCKED)
            clock.advance(1)
            guard.worked()
            clock.advance(1)
    told = [(line["event"], line["log_level"]) for line in lines]
    begins, ends = ("nothing can be stored", "error"), ("storing works again", "warning")
    assert told == [begins, ends] * (200 // int(QUIET_SECONDS) + 1)
    assert all(one != other for one, other in pairwise(told))
    assert lines[1]["seconds"] == 1.0
