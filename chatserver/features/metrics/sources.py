"""Where the numbers come from: each part of the house counts for itself, and is read here."""

import shutil
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Protocol

from chatserver import __version__
from chatserver.conversation.service import QUEUE_LIMIT
from chatserver.features.metrics.samples import Sample
from chatserver.parts import Parts
from chatserver.realtime.crowd import Crowd
from chatserver.storage.condition import Trouble
from chatserver.storage.pool import Pool
from chatserver.web.counted import HttpTraffic

AUDIENCES = ("visitor", "agent")


class Runner(Protocol):
    """What the runner counts."""

    failures: Counter[str]

    @property
    def holds_lease(self) -> bool: ...

    @property
    def timed(self) -> Collection[str]: ...

    @property
    def lags(self) -> dict[str, int]: ...


class Schedule(Protocol):
    """What the backups' schedule knows."""

    failed: bool

    @property
    def last_at(self) -> datetime | None: ...


def of_node(parts: Parts) -> Iterator[Sample]:
    database = parts.database.dialect
    yield Sample("info", 1, (__version__, database))
    yield Sample("draining", parts.draining.has_begun)
    yield Sample("bus_degraded", parts.broker.degraded)
    yield Sample("hints_waiting", parts.broker.waiting)
    yield Sample("hints_lost", parts.broker.lost)
    yield Sample("tail_age_seconds", parts.tail.age_seconds)
    yield Sample("tail_repaired", parts.tail.repaired)
    trouble = parts.database.guard.condition.trouble
    for one in Trouble:
        yield Sample("storage_trouble", one is trouble, (one.value,))
    yield Sample("disk_free_bytes", shutil.disk_usage(parts.settings.data_dir).free)
    yield from _counted("task_crashes", parts.supervisor.crashes)


def of_pool(pool: Pool) -> Iterator[Sample]:
    yield Sample("database_pool_size", pool.size)
    yield Sample("database_pool_in_use", pool.in_use)
    yield Sample("database_pool_waiting", pool.waiting)
    yield Sample("database_pool_wait_seconds", pool.seconds)


def of_commits(parts: Parts) -> Iterator[Sample]:
    conversations = parts.conversations
    yield Sample("commit_waiting", conversations.waiting)
    yield Sample("commit_waiting_limit", QUEUE_LIMIT)
    yield Sample("commit_size", conversations.sizes)
    yield Sample("commit_seconds", conversations.seconds)
    yield from _counted("commit_failures", conversations.failures)


def of_connections(crowd: Crowd) -> Iterator[Sample]:
    members = list(crowd)
    here = Counter(member.audience for member in members)
    for audience in AUDIENCES:
        yield Sample("connections", here[audience], (audience,))
    yield Sample("connections_limit", crowd.limit)
    yield Sample("connections_behind", sum(member.is_behind for member in members))
    yield Sample("outbox_bytes", sum(member.waiting_bytes for member in members))
    traffic = crowd.traffic
    yield Sample("fell_behind", traffic.behind)
    yield from _counted("connections_refused", traffic.refused)
    yield from _counted("connections_closed", traffic.closes)
    yield from _counted("frames_received", traffic.frames)
    yield from _counted("frame_errors", traffic.errors)


def of_http(traffic: HttpTraffic) -> Iterator[Sample]:
    yield Sample("http_requests_open", traffic.open)
    yield Sample("http_seconds", traffic.seconds)
    for (method, status), number in traffic.answers.items():
        yield Sample("http_requests", number, (method, status))
    yield from _counted("http_errors", traffic.errors)


def of_runner(runner: Runner) -> Iterator[Sample]:
    yield Sample("runner_holds_lease", runner.holds_lease)
    for name, lag in runner.lags.items():
        yield Sample("runner_lag", lag, (name,))
    yield from _counted("runner_failures", runner.failures)


def of_backups(schedule: Schedule, now: datetime) -> Iterator[Sample]:
    yield Sample("backup_failed", schedule.failed)
    if schedule.last_at is not None:
        yield Sample("backup_age_seconds", (now - schedule.last_at).total_seconds())


def _counted(name: str, counter: Counter[str]) -> Iterator[Sample]:
    for label, number in counter.items():
        yield Sample(name, number, (label,))
