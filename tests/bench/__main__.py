"""Measures and prints one table. `--quick` in 40 s, else three to four minutes; ends by itself."""

import argparse
import importlib.util
import platform
import resource
import sys

import uvloop

from tests.bench.cases import Plan, run, run_profile

FULL = Plan(chats=500, rounds=5, warm=1.5, round_seconds=3.0, offered_seconds=12.0, idle=5000)
QUICK = Plan(chats=500, rounds=3, warm=0.5, round_seconds=1.0, offered_seconds=2.5, idle=1000)
# Connections of one run with room to spare, on either side.
FILES = 16384


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="coarse figures in 40 seconds")
    parser.add_argument("--profile", action="store_true", help="where the time goes at saturation")
    parser.add_argument(
        "--kind", choices=("spine", "product"), help="measure only this one of ours"
    )
    parser.add_argument("--folder", help="where the databases lie; default: the temporary folder")
    options = parser.parse_args()
    if platform.system() != "Linux":
        sys.exit("The bench reads /proc: it runs on Linux only.")
    _raise_files()
    kinds = [options.kind] if options.kind else _kinds()
    plan = QUICK if options.quick else FULL
    work = run_profile if options.profile else run
    uvloop.run(work(plan, kinds, options.folder))


def _kinds() -> list[str]:
    if importlib.util.find_spec("chatserver.app") is None:
        print("There is no chatserver/app.py: measuring the spine alone.")
        return ["spine"]
    return ["spine", "product"]


def _raise_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    main()
