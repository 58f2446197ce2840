"""Proves what docs/proof.md says: `python -m tests.prove --messages 100000 --seed 1`.

Prints the faults, the anomalies (all must be zero), the times of recovery, and whether each system
that is broken on purpose is caught. Ends with 1 on any anomaly and on any variant that gets away.
"""

import argparse
import os
import sys
import time
from functools import partial
from pathlib import Path

from tests.prove import table
from tests.prove.checks import check
from tests.prove.history import decode
from tests.prove.proof import Proof, Run, is_caught, processes, prove, try_variant
from tests.prove.variants import CONTROL, VARIANTS
from tests.prove.world import Size, World

MESSAGES = 100_000


def main() -> int:
    options = _options()
    if options.judge:
        return _judge(options.judge)
    if options.history:
        return _keep_history(options.seed, options.messages, options.history)
    began = time.monotonic()
    with processes(options.jobs) as run:
        proof = prove(options.seed, options.messages, run=run, progress=_progress)
        _say(table.report(proof))
        failed = bool(proof.anomalies)
        if options.variants:
            failed |= _try_variants(options.seed, run)
    _say(f"\n{options.jobs} processes, {time.monotonic() - began:.0f} s")
    return int(failed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--seed", type=int, default=1, help="of the first world; then seed + 1, …")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--variants", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--history", type=Path, help="run one world and keep its history here")
    parser.add_argument("--judge", type=Path, help="run nothing, check a history that was kept")
    return parser.parse_args()


def _try_variants(seed: int, run: Run) -> bool:
    variants = [CONTROL, *VARIANTS]
    tried = list(zip(variants, run(partial(try_variant, seed=seed), variants), strict=True))
    _say("\n" + table.variants(tried))
    (_, control), *broken = tried
    return bool(control.anomalies) or not all(is_caught(*one) for one in broken)


def _keep_history(seed: int, messages: int, path: Path) -> int:
    with path.open("wb") as file:
        world = World(seed, Size(messages), file=file).run()
    return _tell(world.witness.checks.anomalies.examples)


def _judge(path: Path) -> int:
    with path.open("rb") as file:
        return _tell(check(map(decode, file)).examples)


def _tell(examples: list[str]) -> int:
    _say("\n".join(examples) or "no anomaly")
    return int(bool(examples))


def _progress(proof: Proof) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{proof.messages:,} messages, {sum(proof.faults.values()):,} faults ")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
