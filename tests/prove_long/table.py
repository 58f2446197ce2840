"""The report: what it ran on, faults by kind, anomalies by name, recovery. Plain Markdown."""

from collections.abc import Iterable

from tests.prove.anomalies import ANOMALIES
from tests.prove.table import columns
from tests.prove_long.plan import Plan
from tests.prove_long.proof import BOUNDS, Proof


def report(proof: Proof, plan: Plan) -> str:
    upper = 3 / proof.acked * 1_000_000 if proof.acked else 0.0
    return "\n".join(
        [
            f"commit {proof.commit}, seeds {proof.seed} to {proof.seed + proof.towns - 1},"
            f" {proof.towns} towns of {_nodes(plan)}, {plan.visitors} visitors and"
            f" {plan.agents} agents, {proof.seconds / 60:.0f} minutes",
            f"{proof.written:,} messages written, {proof.acked:,} acknowledged,"
            f" {proof.facts:,} facts stored, {sum(proof.faults.values()):,} faults",
            "",
            *columns(("fault", "times"), _faults(proof)),
            "",
            *columns(("anomaly", "found"), _anomalies(proof)),
            "",
            *columns(("recovery after", "times", "p50", "p99", "bound of p99"), _recoveries(proof)),
            "",
            f"Zero of {proof.acked:,} means fewer than {upper:.1f} in a million at 95 %"
            " (rule of three).",
            *proof.examples[:30],
        ]
    )


def _nodes(plan: Plan) -> str:
    one = "1 node on SQLite"
    return one if plan.nodes == 1 else f"{plan.nodes} nodes on PostgreSQL and Redis behind nginx"


def _faults(proof: Proof) -> Iterable[tuple[str, str]]:
    return ((kind, f"{count:,}") for kind, count in sorted(proof.faults.items()))


def _anomalies(proof: Proof) -> Iterable[tuple[str, str]]:
    names = dict.fromkeys((*ANOMALIES, *proof.anomalies))
    return ((name, f"{proof.anomalies.get(name, 0)}") for name in names)


def _recoveries(proof: Proof) -> Iterable[tuple[str, ...]]:
    for kind in sorted(proof.recoveries):
        p50, p99 = (proof.percentile(kind, part) for part in (0.50, 0.99))
        bound = f"{BOUNDS[kind]:.0f} s" if kind in BOUNDS else ""
        times = f"{len(proof.recoveries[kind]):,}"
        yield kind, times, f"{p50:.1f} s", f"{p99:.1f} s", bound
