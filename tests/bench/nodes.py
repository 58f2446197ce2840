"""What several nodes do together: `python -m tests.bench.nodes [--quick]`, five minutes or one.

Starts a PostgreSQL that keeps its promises (fsync on), a Redis, and one, two, three nodes; prints
tables of Markdown: messages, what each of them costs whom, the way over Redis, the log's lock.
"""

import argparse
import os
import secrets
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.fleet import CHATS_PER_AGENT, Fleet, open_fleet
from tests.bench.hop import hop_rows
from tests.bench.idle import kib_per_connection
from tests.bench.loads import Result, offer, saturate
from tests.bench.log_lock import lock_rows
from tests.bench.meter import TICKS, cpu_seconds
from tests.bench.process import Process, running
from tests.bench.table import number, percentile
from tests.prove.table import columns
from tests.prove_long.shared import DURABLE
from tests.support import ending, postgres, redis
from tests.support.postgres import PostgresServer
from tests.support.redis import RedisServer

COUNTS = (1, 2, 3)
RATES = (100, 500)
HEAD = (
    *("nodes", "load", "messages", "ack p50", "ack p99", "seen p50", "seen p99"),
    *("CPU of the nodes", "of PostgreSQL", "of Redis"),
)


@dataclass(frozen=True)
class Plan:
    """How much for how long, in seconds."""

    chats: int = 300
    rounds: int = 5
    warm: float = 1.5
    round_seconds: float = 3.0
    offered_seconds: float = 12.0
    idle: int = 3000
    hops: int = 3000
    writing_seconds: float = 4.0


QUICK = Plan(
    rounds=2, warm=0.5, round_seconds=1, offered_seconds=3, idle=500, hops=500, writing_seconds=1
)


@dataclass(frozen=True)
class Ground:
    """What the nodes stand on, and what it has cost so far."""

    postgres: PostgresServer
    redis: RedisServer

    def cpu(self) -> tuple[float, float]:
        """Seconds of PostgreSQL with all its sessions, and of Redis."""
        return postgres_seconds(self.postgres.pid), cpu_seconds(self.redis.pid)


def postgres_seconds(pid: int) -> float:
    """Of the first process, its children, and those of them that ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    own = sum(map(int, fields[11:15])) / TICKS
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(_still_there(int(child)) for child in children)


def _still_there(pid: int) -> float:
    try:
        return cpu_seconds(pid)
    except OSError:
        return 0.0  # its seconds are its parent's by now


@asynccontextmanager
async def nodes_on(ground: Ground, count: int, chats: int) -> AsyncIterator[list[Process]]:
    """So many nodes on an empty database."""
    name = f"bench{secrets.token_hex(4)}"
    url = await postgres.create_database(ground.postgres.url, name)
    shared = {
        "database_url": url.render_as_string(hide_password=False),
        "redis_url": ground.redis.url,
        "redis_prefix": name,
        "secret_key": secrets.token_urlsafe(48),
    }
    agents = -(-chats // CHATS_PER_AGENT)
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(running("product", agents=agents, shared=shared))
        others = [
            await stack.enter_async_context(running("product", agents=None, shared=shared))
            for _ in range(count - 1)
        ]
        yield [first, *others]


@dataclass(frozen=True)
class Cost:
    """Microseconds of processor time for each message."""

    nodes: float
    postgres: float
    redis: float


class Purse:
    """Counts from its making what a stretch of messages costs."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._before = ground.cpu()

    def cost(self, result: Result, messages: int) -> Cost:
        """`messages`: all since the making, those of warming up too."""
        there, bus = (now - was for now, was in zip(self._ground.cpu(), self._before, strict=True))
        return Cost(result.cpu_us, there / messages * 1e6, bus / messages * 1e6)


async def measure_nodes(ground: Ground, count: int, plan: Plan) -> list[tuple[str, ...]]:
    async with nodes_on(ground, count, plan.chats) as processes:
        fleet = await open_fleet(processes, plan.chats)
        rounds = [await _saturated(ground, fleet, plan) for _ in range(plan.rounds)]
        rates = [one.rate for one, _ in rounds]
        costs = [cost for _, cost in rounds]
        rows = [
            (
                f"{count}", "as fast as they answer", f"{number(median(rates))}/s",
                *_latencies([ack for one, _ in rounds for ack in one.acks]),
                *_latencies([sight for one, _ in rounds for sight in one.sights]),
                *_costs(costs),
            )
        ]  # fmt: skip
        for rate in RATES:
            purse, before = Purse(ground), len(fleet.ledger.due)
            found = await offer(fleet, rate=rate, warm=plan.warm, seconds=plan.offered_seconds)
            cost = purse.cost(found, len(fleet.ledger.due) - before)
            rows.append(
                (
                    f"{count}", f"{rate}/s offered", f"{number(found.rate)}/s",
                    *_latencies(found.acks), *_latencies(found.sights), *_costs([cost]),
                )
            )  # fmt: skip
        _check(fleet)
        return rows


async def _saturated(ground: Ground, fleet: Fleet, plan: Plan) -> tuple[Result, Cost]:
    purse, before = Purse(ground), len(fleet.ledger.due)
    found = await saturate(fleet, warm=plan.warm, seconds=plan.round_seconds)
    return found, purse.cost(found, len(fleet.ledger.due) - before)


def _latencies(seconds: Sequence[float]) -> tuple[str, ...]:
    return tuple(f"{percentile(seconds, part) * 1e3:.1f} ms" for part in (0.5, 0.99))


def _costs(costs: Sequence[Cost]) -> tuple[str, ...]:
    names = ("nodes", "postgres", "redis")
    return tuple(f"{median(getattr(cost, name) for cost in costs):.0f} µs" for name in names)


def _check(fleet: Fleet) -> None:
    ledger = fleet.ledger
    if ledger.lost or ledger.refused or ledger.repeated:
        raise AssertionError(
            f"{ledger.lost} lost, {ledger.refused} refused, {ledger.repeated} twice"
        )


async def measure_idle(ground: Ground, plan: Plan) -> float:
    """KiB of a node for a visitor who only looks."""
    async with nodes_on(ground, 1, 0) as processes:
        return await kib_per_connection(processes[0], plan.idle)


async def _messages(ground: Ground, plan: Plan) -> list[tuple[str, ...]]:
    """Also says how far it is: what breaks after minutes must not take along what was measured."""
    rows: list[tuple[str, ...]] = []
    for count in COUNTS:
        rows += (found := await measure_nodes(ground, count, plan))
        for row in found:
            print("measured:", " | ".join(row), file=sys.stderr, flush=True)
    return rows


async def run(plan: Plan) -> None:
    began = time.monotonic()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {plan.chats} chats\n")
    with postgres.own_server(*DURABLE) as there, redis.own_server() as bus:
        ground = Ground(there, bus)
        for row in columns(HEAD, await _messages(ground, plan)):
            print(row)
        kib = await measure_idle(ground, plan)
        print(
            f"\nA visitor who only looks takes {kib:.1f} KiB of a node ({plan.idle:,} of them).\n"
        )
        rows = await hop_rows(bus, plan.hops)
        print("\n".join(columns(("way", "p50", "p99", "most per second"), rows)), "\n")
        rows = await lock_rows(there, plan.writing_seconds)
        head = ("the log", "writers", "facts of a batch", "batches", "facts", "p50", "p99")
        print("\n".join(columns(head, rows)))
    print(f"\n{time.monotonic() - began:.0f} seconds, load {os.getloadavg()[0]:.1f} at the end.")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.nodes", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="coarse figures in a minute")
    options = parser.parse_args()
    ending.run(run(QUICK if options.quick else Plan()))


if __name__ == "__main__":
    main()
