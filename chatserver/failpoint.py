"""Named places at which the proof of reliability kills this process. Here nothing happens there:
what acts on `reach` lives with the tests, in tests/support/failing.py, and is in no release."""

from enum import StrEnum


class Failpoint(StrEnum):
    """The moments in which a death could lose something or do it twice."""

    BEFORE_BEGIN = "before-begin"
    INSIDE_BATCH = "inside-batch"  # between two commands of one transaction
    AFTER_INSERT = "after-insert"  # all is written, nothing is committed
    AFTER_COMMIT = "after-commit"  # nobody was told yet
    AFTER_HINT = "after-hint"  # others were told, whoever asked was not
    AFTER_REPLY = "after-reply"  # written to the transport, not to the network
    MID_CATCH_UP = "mid-catch-up"  # read, not sent
    DURING_DRAIN = "during-drain"  # some clients are told to go, some are not
    DURING_MIGRATION = "during-migration"
    BEFORE_UPLOAD_RENAME = "before-upload-rename"
    AFTER_UPLOAD_RENAME = "after-upload-rename"


def reach(failpoint: Failpoint) -> None:
    """Says that the process is at this place."""
