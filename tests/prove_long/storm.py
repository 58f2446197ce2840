"""A reconnect storm: the process dies with thousands of sockets open, and all of them come back."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

from msgspec import Struct, field

from tests.bench.meter import cpu_seconds, resident_kib
from tests.prove_long.judge import judge
from tests.prove_long.plan import Plan
from tests.prove_long.town import Town, open_town

BACK_SECONDS = 300.0
CALM_SECONDS = 5.0
BEAT_SECONDS = 0.1


class Comeback(Struct):
    """One death. Seconds count from the moment at which the new process answers."""

    sockets: int
    down_seconds: float
    half_back: float
    nearly_back: float  # 99 of 100
    all_back: float
    cpu_seconds: float
    resident_mib: float


class Storm(Struct):
    comebacks: list[Comeback] = field(default_factory=list)
    acked: int = 0
    anomalies: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)


def plan_of(sockets: int) -> Plan:
    """Everybody writes now and then, so that some messages are under way when the process dies."""
    quiet = Plan(visitors=sockets, agents=2, two_tabs=0, polling=0, visitor_pause=sockets / 25)
    longer = {"frame_ticket_seconds": "3600"}
    return replace(quiet, reloads=False, is_direct=True, settings={**quiet.settings, **longer})


async def storm(sockets: int, times: int, seed: int) -> Storm:
    found = Storm()
    with tempfile.TemporaryDirectory(prefix="chatserver-storm-") as folder:
        async with open_town(plan_of(sockets), seed, Path(folder)) as town:
            await _until_live(town)
            for _ in range(times):
                await asyncio.sleep(CALM_SECONDS)
                found.comebacks.append(await _die_and_come_back(town))
            has_healed = await town.heal()
            found.examples += [] if has_healed else (await town.missing())[:5]
            town.write_down_screens()
            town.close_history()
            anomalies, found.acked, _ = await judge(town, Path(folder) / "history.jsonl")
            found.anomalies = dict(anomalies.counts)
            found.examples += [*anomalies.examples, *town.tasks.failures]
    return found


def report(found: Storm) -> str:
    lines = [
        "| sockets | down | half back | 99 of 100 | all back | CPU of the service | memory |",
        "| ------- | ---- | --------- | --------- | -------- | ------------------ | ------ |",
    ]
    lines += [
        f"| {one.sockets:,} | {one.down_seconds:.1f} s | {one.half_back:.1f} s |"
        f" {one.nearly_back:.1f} s | {one.all_back:.1f} s | {one.cpu_seconds:.1f} s |"
        f" {one.resident_mib:.0f} MiB |"
        for one in found.comebacks
    ]
    zeros = f"{found.acked:,} messages acknowledged, {sum(found.anomalies.values())} anomalies"
    return "\n".join([*lines, "", zeros, *found.examples])


async def _die_and_come_back(town: Town) -> Comeback:
    node, loop = town.nodes[0], asyncio.get_running_loop()
    sockets = len(town.onlookers)
    for onlooker in town.onlookers:
        onlooker.cut_off("node killed")
    died = loop.time()
    await node.kill()
    await node.start()
    up = loop.time()
    for onlooker in town.onlookers:
        onlooker.mended("node killed")
    half, nearly = 0.0, 0.0
    away = sockets
    while away and loop.time() - up < BACK_SECONDS:
        await asyncio.sleep(BEAT_SECONDS)
        away = sum(onlooker.is_troubled for onlooker in town.onlookers)
        half = half or (loop.time() - up if away <= sockets * 0.5 else 0.0)
        nearly = nearly or (loop.time() - up if away <= sockets * 0.01 else 0.0)
    back = loop.time() - up if not away else float("inf")
    pid = node.service.pid
    used, resident = cpu_seconds(pid), resident_kib(pid) / 1024
    return Comeback(sockets - away, up - died, half, nearly, back, used, resident)


async def _until_live(town: Town) -> None:
    while any(onlooker.connection.stage != "live" for onlooker in town.onlookers):
        await town.breathe()
