"""Every number that is published. docs/metrics.md is made of it."""

from typing import Literal

from msgspec import Struct

Kind = Literal["gauge", "counter", "histogram"]


class Metric(Struct, frozen=True):
    """`name` without the prefix; a counter's gets `_total` behind it."""

    name: str
    kind: Kind
    doc: str
    labels: tuple[str, ...] = ()


PREFIX = "chatserver_"

CATALOGUE = (
    Metric(
        "info", "gauge", "Always 1; the version and the kind of database.", ("version", "database")
    ),
    Metric("up_seconds", "gauge", "Seconds since this process opened the database."),
    Metric("draining", "gauge", "1 once the process was asked to stop."),
    # Connections
    Metric(
        "connections", "gauge", "Open sockets, and polls that are being answered.", ("audience",)
    ),
    Metric("connections_limit", "gauge", "CHATSERVER_CONNECTIONS_PER_NODE."),
    Metric(
        "connections_refused",
        "counter",
        "Connections turned away: the node's limit, the address's, draining, or too many arrivals.",
        ("limit",),
    ),
    Metric(
        "connections_closed", "counter", "Connections that we closed, by close code.", ("code",)
    ),
    Metric("connections_behind", "gauge", "Clients too slow for their facts right now."),
    Metric("fell_behind", "counter", "Times that a client became too slow for its facts."),
    Metric("outbox_bytes", "gauge", "Bytes that wait in memory for slow clients, of all together."),
    Metric("frames_received", "counter", "Frames that clients sent.", ("audience",)),
    Metric("frame_errors", "counter", "Frames answered with an error, by its code.", ("code",)),
    # HTTP
    Metric(
        "http_requests", "counter", "Answered requests, by method and status.", ("method", "status")
    ),
    Metric("http_requests_open", "gauge", "Requests being answered, held polls included."),
    Metric("http_seconds", "histogram", "Time to answer a request, polls excepted."),
    Metric("http_errors", "counter", "Requests answered with an error, by its code.", ("code",)),
    # Commits
    Metric("commit_waiting", "gauge", "Commands that wait for a transaction."),
    Metric("commit_waiting_limit", "gauge", "The most that may wait; more are refused."),
    Metric("commit_size", "histogram", "Commands of one transaction."),
    Metric("commit_seconds", "histogram", "Time of one transaction, the fsync included."),
    Metric(
        "commit_failures",
        "counter",
        "Transactions that failed as a whole, by error code; queue_full: not even tried.",
        ("code",),
    ),
    # Log, hints and tail
    Metric("log_position", "gauge", "Position of the newest fact."),
    Metric("bus_degraded", "gauge", "1 while hints between nodes may be getting lost."),
    Metric("hints_waiting", "gauge", "Hints that wait to be sent to other nodes."),
    Metric("hints_lost", "counter", "Hints that were dropped: no bus, or too many; see the tail."),
    Metric("tail_age_seconds", "gauge", "Time since the log was last read to its end."),
    Metric("tail_repaired", "counter", "Facts that no hint had brought, found in the log."),
    # Runner
    Metric("runner_holds_lease", "gauge", "1 on the node that runs reactors and timers."),
    Metric("runner_lag", "gauge", "Facts that a slice has not read yet.", ("slice",)),
    Metric("runner_failures", "counter", "Reactors and timers that failed.", ("slice",)),
    Metric("dead_letters", "gauge", "What failed too often and waits for a person.", ("slice",)),
    Metric("timers_due", "gauge", "Timers that should have rung already."),
    Metric("timers_late_seconds", "gauge", "How late the latest of them is."),
    # Mail
    Metric("mails", "gauge", "Mails in the outbox.", ("state",)),
    Metric("mail_waiting_seconds", "gauge", "Age of the oldest mail that waits; 0: none."),
    # Files
    Metric("uploads", "counter", "Files that were taken."),
    Metric("upload_bytes", "counter", "Bytes of these files and their previews."),
    # The process and the machine
    Metric("database_up", "gauge", "1 when the database answered this very question."),
    Metric("database_pool_size", "gauge", "The most connections to the database at a time."),
    Metric("database_pool_in_use", "gauge", "Those that are used right now."),
    Metric("database_pool_waiting", "gauge", "Who waits for one."),
    Metric("database_pool_wait_seconds", "histogram", "Time until there was one."),
    Metric("storage_trouble", "gauge", "1 while nothing can be stored, by why.", ("trouble",)),
    Metric("disk_free_bytes", "gauge", "What is left of the disk of the data folder."),
    Metric("task_crashes", "counter", "Background tasks that crashed and began anew.", ("task",)),
    Metric("loop_lag_seconds", "histogram", "How much later than asked the event loop came by."),
    Metric("backup_failed", "gauge", "1 while the last backup of this process failed."),
    Metric("backup_age_seconds", "gauge", "Age of the newest backup in CHATSERVER_BACKUP_DIR."),
)
BY_NAME = {metric.name: metric for metric in CATALOGUE}
