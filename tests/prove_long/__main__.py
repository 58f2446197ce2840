"""Proves on real processes what docs/promises.md says: `python -m tests.prove_long --minutes 30`.

Prints faults, anomalies (all must be zero) and times of recovery. Ends with 1 on any anomaly and on
a recovery above its bound. The seed file keeps the sum: another run goes on from there.

`storm` kills a process with thousands of sockets, `slow` measures visitors that never read.
"""

import argparse
import resource
import subprocess
import sys
from pathlib import Path

from tests.prove_long import slow, storm, table
from tests.prove_long.plan import Plan
from tests.prove_long.proof import keep_proof, prove, read_proof
from tests.support import ending

MINUTES = 30.0
# Connections of a storm with room to spare, on either side.
FILES = 32768
SEED_FILE = Path(".prove-long.json")
EVIDENCE = Path(".prove-long")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.prove_long", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("towns", "storm", "slow"), default="towns")
    parser.add_argument("--sockets", type=int, default=5000, help="of a storm")
    parser.add_argument("--times", type=int, default=3, help="deaths of a storm")
    parser.add_argument("--readers", type=int, default=1000, help="that never read")
    parser.add_argument("--seconds", type=float, default=150.0, help="in which they do not")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="0: only print the sum")
    parser.add_argument("--seed", type=int, default=1, help="of the first town; then seed + 1, …")
    parser.add_argument("--file", type=Path, default=SEED_FILE, help="where the sum is kept")
    parser.add_argument("--evidence", type=Path, default=EVIDENCE, help="folder of what was found")
    parser.add_argument("--visitors", type=int, default=Plan.visitors)
    parser.add_argument("--agents", type=int, default=Plan.agents)
    parser.add_argument("--rest", type=float, default=Plan.rest_seconds, help="between two fates")
    parser.add_argument("--only", default="", help="fates with this in their name, as `Redis`")
    parser.add_argument(
        "--nodes", type=int, default=Plan.nodes,
        help="2 or more: behind nginx, on a PostgreSQL and a Redis that are started for each town",
    )  # fmt: skip
    lent = "is left alone, and each town gets its own part of it"
    parser.add_argument("--database-url", default="", help=f"instead; this PostgreSQL {lent}")
    parser.add_argument("--redis-url", default="", help=f"instead; this Redis {lent}")
    options = parser.parse_args()
    _raise_files()
    match options.what:
        case "storm":
            found = ending.run(storm.storm(options.sockets, options.times, options.seed))
            sys.stdout.write(storm.report(found) + "\n")
            return int(bool(found.anomalies or found.examples))
        case "slow":
            measured = ending.run(slow.measure(options.readers, options.seconds))
            sys.stdout.write(slow.report(measured) + "\n")
            return 0
    return _towns(options)


def _towns(options: argparse.Namespace) -> int:
    plan = Plan(
        nodes=options.nodes,
        visitors=options.visitors,
        agents=options.agents,
        rest_seconds=options.rest,
        only=options.only,
        database_url=options.database_url,
        redis_url=options.redis_url,
    )
    proof = read_proof(options.file, options.seed)
    proof.commit = _commit()

    def kept() -> None:
        keep_proof(options.file, proof)
        sys.stderr.write(
            f"{proof.towns} towns, {proof.acked:,} acknowledged,"
            f" {sum(proof.anomalies.values())} anomalies\n"
        )

    ending.run(prove(plan, proof, options.minutes, kept, options.evidence))
    late = proof.late()
    sys.stdout.write("\n".join([table.report(proof, plan), *late, ""]))
    return int(bool(proof.anomalies or late))


def _raise_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
