"""What the doctor says of one thing."""

from enum import StrEnum

from msgspec import Struct


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


class Finding(Struct, frozen=True):
    """`words` say what is so, and where it is wrong, what to do."""

    level: Level
    subject: str
    words: str


def ok(subject: str, words: str) -> Finding:
    return Finding(Level.OK, subject, words)


def warn(subject: str, words: str) -> Finding:
    return Finding(Level.WARN, subject, words)


def fail(subject: str, words: str) -> Finding:
    return Finding(Level.FAIL, subject, words)
