"""One proof: towns one after the other until the time is up, and their sum. The sum so far lies in
the seed file, so that the next run goes on where this one ended."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import msgspec
from msgspec import Struct, field

from tests.prove_long.faults import BY_NAME, Fates, shuffled
from tests.prove_long.judge import judge
from tests.prove_long.net_faults import NetFaults
from tests.prove_long.onlooker import AWAY, MANY
from tests.prove_long.plan import Plan
from tests.prove_long.server_faults import NO_BUS, WAITING
from tests.prove_long.town import Town, open_town

# 99 of 100 must be back within so many seconds after the fault is over: the promise G5.
BOUNDS = {
    "node killed": 10.0,
    "node drained": 10.0,
    "client storm": 10.0,
    "connection reset": 10.0,
    "arrived": 10.0,
    "closed by an end": 10.0,
    "access revoked": 10.0,
    "slow line": 10.0,
    "node frozen": 45.0,
    "half-open or frozen peer": 45.0,
    "store locked": 30.0,
    "hint": 5.0,
    NO_BUS: 5.0,
    AWAY: 30.0,
    WAITING: 30.0,
    MANY: 25.0,
}
# Below so many samples the 99th percentile is one unlucky client.
ENOUGH = 100
REVOKE_SECONDS = 12.0
# Shorter than this, a town would be all coming and going.
LEAST_SECONDS = 60.0


class Proof(Struct):
    """What came of it, as it lies in the seed file."""

    seed: int
    commit: str = ""
    towns: int = 0
    seconds: float = 0.0
    written: int = 0
    acked: int = 0
    facts: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    anomalies: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)
    recoveries: dict[str, list[float]] = field(default_factory=dict)
    deck: list[str] = field(default_factory=list)

    def add(self, town: Town) -> None:
        self.towns += 1
        self.seconds += town.pace.now
        self.written += town.witness.written
        self.faults = dict(Counter(self.faults) + town.faults)
        for kind, seconds in town.witness.recoveries.seconds.items():
            self.recoveries.setdefault(kind, []).extend(round(one, 3) for one in seconds)

    def found(self, kind: str, what: str) -> None:
        self.anomalies[kind] = self.anomalies.get(kind, 0) + 1
        self.examples.append(f"{kind}: {what}")

    def percentile(self, kind: str, part: float) -> float:
        found = sorted(self.recoveries[kind])
        return found[min(len(found) - 1, int(part * len(found)))] if found else 0.0

    def late(self) -> list[str]:
        """Classes of faults whose 99th percentile is above its bound."""
        return [
            f"{kind}: p99 {self.percentile(kind, 0.99):.1f} s, bound {bound:.0f} s"
            for kind, bound in BOUNDS.items()
            if len(self.recoveries.get(kind, ())) >= ENOUGH and self.percentile(kind, 0.99) > bound
        ]


def read_proof(path: Path, seed: int) -> Proof:
    return msgspec.json.decode(path.read_bytes(), type=Proof) if path.exists() else Proof(seed)


def keep_proof(path: Path, proof: Proof) -> None:
    beside = path.with_suffix(".new")
    beside.write_bytes(msgspec.json.encode(proof))
    beside.replace(path)


async def prove(
    plan: Plan, proof: Proof, minutes: float, kept: Callable[[], None], evidence: Path
) -> None:
    """Adds towns to the proof for so many minutes; `kept` is called after each. Of a town with an
    anomaly its history and what its nodes printed go to the folder `evidence`."""
    loop = asyncio.get_running_loop()
    end = loop.time() + minutes * 60
    while (left := end - loop.time()) > 0:
        seconds = max(LEAST_SECONDS, min(plan.town_seconds, left))
        await _add_town(plan, proof, seconds, evidence)
        kept()


async def _add_town(plan: Plan, proof: Proof, seconds: float, evidence: Path) -> None:
    seed = proof.seed + proof.towns
    with tempfile.TemporaryDirectory(prefix="chatserver-prove-") as folder:
        async with open_town(plan, seed, Path(folder)) as town:
            deck = shuffled(Random(seed), town.shared)
            deck.extendleft(BY_NAME[name] for name in reversed(proof.deck))
            fates = Fates(town, deck)
            await _befall(town, fates, seconds)
            has_healed = await town.heal()
            missing = [] if has_healed else await town.missing()
            town.write_down_screens()
            town.close_history()
            history = Path(folder) / "history.jsonl"
            anomalies, acked, facts = await judge(town, history)
            if anomalies.counts or missing:
                _keep_evidence(town, history, evidence / f"seed-{seed}")
    proof.add(town)
    proof.acked += acked
    proof.facts += facts
    proof.deck = [life.name for life in deck]
    proof.anomalies = dict(Counter(proof.anomalies) + anomalies.counts)
    proof.examples += [f"seed {seed}: {example}" for example in anomalies.examples]
    proof.examples += [f"seed {seed}: at rest, {what}" for what in missing[:5]]
    for failure in town.tasks.failures:
        proof.found("proof failed", f"seed {seed}: {failure}")


def _keep_evidence(town: Town, history: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(history, folder / history.name)
    for number, node in enumerate(town.nodes):
        (folder / f"node-{number}.log").write_text(node.service.log, encoding="utf-8")


async def _befall(town: Town, fates: Fates, seconds: float) -> None:
    net = town.tasks.start(NetFaults(town).play())
    revoking = town.tasks.start(_revoke(town))
    try:
        await fates.play(town.pace.now + seconds)
    finally:
        net.cancel()
        revoking.cancel()


async def _revoke(town: Town) -> None:
    """Somebody is signed out in mid-stream."""
    while True:
        await asyncio.sleep(town.random.expovariate(1 / REVOKE_SECONDS))
        present = [agent for agent in town.agents if not agent.is_revoked]
        if present:
            await town.random.choice(present).sign_out()
