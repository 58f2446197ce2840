"""One proof: as many worlds as the messages need, each with the next seed, and their sum."""

import gc
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

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

    def add(self, seed: int, world: World) -> None:
        witness = world.witness
        self.worlds += 1
        self.messages += len(witness.history.sent)
        self.acked += witness.history.acked
        self.facts += len(world.store.facts)
        self.simulated_seconds += world.schedule.now
        self.faults += world.faults
        self.anomalies += witness.anomalies.counts
        self.examples += [f"seed {seed}: {example}" for example in witness.anomalies.examples]
        self.recoveries.merge(witness.recoveries)
        digests = f"{self.digest} {witness.history.digest}"
        self.digest = blake2b(digests.encode(), digest_size=16).hexdigest()

    def close(self) -> None:
        for late in self.recoveries.late():
            self.anomalies["stale"] += 1
            self.examples.append(f"stale: {late}")


def prove(
    seed: int, messages: int, progress: Callable[[Proof], None] = lambda _proof: None
) -> Proof:
    proof = Proof(seed)
    while messages > 0:
        size = Size(min(messages, PER_WORLD))
        messages -= size.messages
        world_seed = seed + proof.worlds
        proof.add(world_seed, World(world_seed, size).run())
        gc.collect()
        progress(proof)
    proof.close()
    return proof


def try_variant(variant: Variant, seed: int) -> Proof:
    """A broken system at small size; the control is sound and must come out clean."""
    proof = Proof(seed)
    size = Size(variant.messages, visitors=variant.visitors, agents=3)
    proof.add(seed, World(seed, size, variant).run())
    return proof


def is_caught(variant: Variant, proof: Proof) -> bool:
    return any(proof.anomalies[kind] for kind in variant.catches)


__all__ = ["SOUND", "Proof", "is_caught", "prove", "try_variant"]
