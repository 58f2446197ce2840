"""What is measured, in which order, and which baseline stands beside it."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from statistics import median

from tests.bench.fleet import CHATS_PER_AGENT, Fleet, open_fleet
from tests.bench.idle import kib_per_connection
from tests.bench.loads import Result, offer, saturate
from tests.bench.meter import Usage
from tests.bench.process import running
from tests.bench.profile import profile
from tests.bench.table import Row, as_text, percentile

RATES = (100, 1000)
BASELINE = "echo"


@dataclass(frozen=True)
class Plan:
    """How much is measured for how long, in seconds."""

    chats: int
    rounds: int
    warm: float
    round_seconds: float
    offered_seconds: float
    idle: int


async def run(plan: Plan, kinds: Sequence[str], folder: str | None) -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {plan.chats} chats\n")
    rows: list[Row] = []
    async with AsyncExitStack() as stack:
        fleets = [await _fleet(stack, kind, plan, folder) for kind in (BASELINE, *kinds)]
        rows += await _saturated(fleets, plan)
        for rate in RATES:
            rows += await _offered(fleets, plan, rate)
        faults = [fault for fleet in fleets if (fault := _fault(fleet))]
    rows += await _idle(plan, kinds, folder)
    print(as_text(rows))
    print(
        "\nserver, generator: share of one core; others: share of the machine that processes other "
        "than\nthese two kept busy. A message is done when its visitor has the ack and the agent "
        "the fact."
    )
    print("\n".join(faults) or "\nNo message was lost, refused or delivered twice.")


async def run_profile(plan: Plan, kinds: Sequence[str], folder: str | None) -> None:
    async with AsyncExitStack() as stack:
        for kind in kinds:
            fleet = await _fleet(stack, kind, plan, folder)
            print(f"== {kind}\n{await profile(fleet, seconds=10)}\n")


async def _fleet(stack: AsyncExitStack, kind: str, plan: Plan, folder: str | None) -> Fleet:
    agents = -(-plan.chats // CHATS_PER_AGENT)
    process = await stack.enter_async_context(running(kind, agents=agents, folder=folder))
    return await open_fleet([process], plan.chats)


async def _saturated(fleets: Sequence[Fleet], plan: Plan) -> list[Row]:
    """Rounds in turn, so that a slow minute of the machine hits all of them."""
    results: dict[str, list[Result]] = {fleet.process.kind: [] for fleet in fleets}
    for _ in range(plan.rounds):
        for fleet in fleets:
            found = await saturate(fleet, warm=plan.warm, seconds=plan.round_seconds)
            results[fleet.process.kind].append(found)
    rows = []
    base = results.pop(BASELINE)
    for kind, ours in results.items():
        shares = _shares([one.usage for one in ours])
        for name, figure in (("messages/s", _rate), ("messages/s per busy core", _rate_per_core)):
            value, theirs = median(map(figure, ours)), median(map(figure, base))
            rows.append(Row(f"{kind}: {name}, saturated", value, "", theirs, shares))
    shares = _shares([one.usage for one in base])
    rows.append(Row("(echo itself, saturated)", median(map(_rate, base)), "", None, shares))
    return rows


async def _offered(fleets: Sequence[Fleet], plan: Plan, rate: int) -> list[Row]:
    found = {}
    for fleet in fleets:
        await asyncio.sleep(0.5)
        found[fleet.process.kind] = await offer(
            fleet, rate=rate, warm=plan.warm, seconds=plan.offered_seconds
        )
    base = found.pop(BASELINE)
    rows = []
    for kind, ours in found.items():
        shares = _shares([ours.usage])
        for name, part in (("p50", 0.5), ("p99", 0.99)):
            theirs = percentile(base.acks, part) * 1e3
            for end, values in (("ack", ours.acks), ("agent", ours.sights)):
                value = percentile(values, part) * 1e3
                what = f"{kind}: {rate:,}/s offered, send to {end}, {name}"
                rows.append(Row(what, value, "ms", theirs, shares))
        what = f"{kind}: {rate:,}/s offered, CPU of a message"
        rows.append(Row(what, ours.cpu_us, "µs", base.cpu_us, shares))
    return rows


async def _idle(plan: Plan, kinds: Sequence[str], folder: str | None) -> list[Row]:
    found = {}
    for kind in (BASELINE, *kinds):
        async with running(kind, folder=folder) as process:
            found[kind] = await kib_per_connection(process, plan.idle)
    base = found.pop(BASELINE)
    name = f"idle connection, of {plan.idle:,}"
    return [Row(f"{kind}: {name}", kib, "KiB", base) for kind, kib in found.items()]


def _rate(result: Result) -> float:
    return result.rate


def _rate_per_core(result: Result) -> float:
    return result.rate_per_core


def _shares(usages: Sequence[Usage]) -> tuple[float, float, float]:
    return (
        median(usage.server_share for usage in usages),
        median(usage.generator_share for usage in usages),
        median(usage.noise for usage in usages),
    )


def _fault(fleet: Fleet) -> str:
    ledger, kind = fleet.ledger, fleet.process.kind
    if not (ledger.lost or ledger.refused or ledger.repeated):
        return ""
    return f"{kind}: {ledger.lost} lost, {ledger.refused} refused, {ledger.repeated} twice"
