"""One proof: as many worlds as the messages need, each with the next seed, and their sum."""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from multiprocessing import get_context
from typing import Any

from tests.prove.recovery import Recoveries
from tests.prove.variants import SOUND, Variant
from tests.prove.world import Size, World

# Messages of one world: its log, its histories and its screens are in memory at the same time.
PER_WORLD = 20_000


@dataclass
class Proof:
    """What came of it. `digest` is the same whenever seed and messages are the same."""

    seed: int
    worlds: int = 0
    messages: int = 0
    acked: int = 0
    facts: int = 0
    simulated_seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    anomalies: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    recoveries: Recoveries = field(default_factory=Recoveries)
    digest: str = ""

    def add(self, part: "Proof") -> None:
        self.worlds += part.worlds
        self.messages += part.messages
        self.acked += part.acked
        self.facts += part.facts
        self.simulated_seconds += part.simulated_seconds
        self.faults += part.faults
        self.anomalies += part.anomalies
        self.examples += part.examples
        self.recoveries.merge(part.recoveries)
        digests = f"{self.digest} {part.digest}"
        self.digest = blake2b(digests.encode(), digest_size=16).hexdigest()

    def close(self) -> None:
        for late in self.recoveries.late():
            self.anomalies["stale"] += 1
            self.examples.append(f"stale: {late}")


# Like `map`: a function and what to call it with, one by one.
Run = Callable[[Callable[[Any], Proof], list[Any]], Iterable[Proof]]


def prove(
    seed: int,
    messages: int,
    *,
    run: Run = map,
    progress: Callable[[Proof], None] = lambda _proof: None,
) -> Proof:
    """`run` maps worlds to what came of them, here or in several processes."""
    proof = Proof(seed)
    sizes = [Size(min(PER_WORLD, messages - done)) for done in range(0, messages, PER_WORLD)]
    for part in run(prove_world, [(seed + n, size, SOUND) for n, size in enumerate(sizes)]):
        proof.add(part)
        progress(proof)
    proof.close()
    return proof


def prove_world(world: tuple[int, Size, Variant]) -> Proof:
    seed, size, variant = world
    with _collecting_between():
        return _sum(seed, World(seed, size, variant).run())


def try_variant(variant: Variant, seed: int) -> Proof:
    """A broken system at small size; the control is sound and must come out clean."""
    size = Size(variant.messages, visitors=variant.visitors, agents=3, stretch=variant.stretch)
    return prove_world((seed, size, variant))


def is_caught(variant: Variant, proof: Proof) -> bool:
    return any(proof.anomalies[kind] for kind in variant.catches)


@contextmanager
def processes(jobs: int) -> Iterator[Run]:
    """Worlds know nothing of each other, so they may run side by side."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield pool.map


def _sum(seed: int, world: World) -> Proof:
    witness, checks = world.witness, world.witness.checks
    return Proof(
        seed,
        worlds=1,
        messages=checks.sends.written,
        acked=checks.sends.acknowledged,
        facts=len(world.store.facts),
        simulated_seconds=world.schedule.now,
        faults=world.faults,
        anomalies=checks.anomalies.counts,
        examples=[f"seed {seed}: {example}" for example in checks.anomalies.examples],
        recoveries=witness.recoveries,
        digest=witness.history.digest,
    )


@contextmanager
def _collecting_between() -> Iterator[None]:
    """A world is one web of references: collected as a whole, not while it grows."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        if was_on:
            gc.enable()
