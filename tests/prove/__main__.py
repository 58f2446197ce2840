"""Proves what docs/reliability.md says: `python -m tests.prove --messages 100000 --seed 1`.

Prints the faults, the anomalies (all must be zero), the times of recovery, and whether each system
that is broken on purpose is caught. Ends with 1 on any anomaly and on any variant that gets away.
"""

import argparse
import gc
import sys
import time

from tests.prove import table
from tests.prove.proof import Proof, is_caught, prove, try_variant
from tests.prove.variants import CONTROL, VARIANTS

MESSAGES = 100_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--seed", type=int, default=1, help="of the first world; then seed + 1, …")
    parser.add_argument("--variants", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    gc.disable()  # a world is one web of references: collected as a whole, between worlds
    began = time.process_time()
    proof = prove(options.seed, options.messages, _progress)
    _say(table.report(proof, time.process_time() - began))
    failed = bool(proof.anomalies)
    if options.variants:
        failed |= _try_variants(options.seed)
    return int(failed)


def _try_variants(seed: int) -> bool:
    control = try_variant(CONTROL, seed)
    tried = [(variant, try_variant(variant, seed)) for variant in VARIANTS]
    _say("\n" + table.variants([(CONTROL, control), *tried]))
    return bool(control.anomalies) or not all(is_caught(*one) for one in tried)


def _progress(proof: Proof) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{proof.messages:,} messages, {sum(proof.faults.values()):,} faults ")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
