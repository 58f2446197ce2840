"""The report: faults by kind, anomalies by name, recovery, variants. Plain Markdown."""

from collections.abc import Iterable

from tests.prove.anomalies import ANOMALIES
from tests.prove.proof import Proof, is_caught
from tests.prove.recovery import BOUNDS
from tests.prove.variants import Variant


def report(proof: Proof) -> str:
    upper = 3 / proof.acked * 1_000_000 if proof.acked else 0.0
    head = [
        f"seed {proof.seed}, {proof.worlds} worlds, history {proof.digest}",
        f"{proof.messages:,} messages written, {proof.acked:,} acknowledged,"
        f" {proof.facts:,} facts stored,",
        f"{sum(proof.faults.values()):,} faults, {proof.simulated_seconds:,.0f} simulated seconds",
    ]
    return "\n".join(
        [
            *head,
            "",
            *columns(("fault", "times"), _faults(proof)),
            "",
            *columns(
                ("anomaly", "found"), [(name, f"{proof.anomalies[name]}") for name in ANOMALIES]
            ),
            "",
            *columns(("after", "times", "p50", "p99", "bound of p99"), _recoveries(proof)),
            "",
            f"Where nothing was found among {proof.acked:,}: fewer than {upper:.1f} in a million"
            " at 95 % (rule of three).",
            *proof.examples[:30],
        ]
    )


def variants(tried: Iterable[tuple[Variant, Proof]]) -> str:
    rows = [(variant.name, _found(proof), _verdict(variant, proof)) for variant, proof in tried]
    return "\n".join(columns(("broken on purpose", "found", "verdict"), rows))


def _faults(proof: Proof) -> Iterable[tuple[str, str]]:
    return ((kind, f"{count:,}") for kind, count in sorted(proof.faults.items()))


def _recoveries(proof: Proof) -> Iterable[tuple[str, ...]]:
    for kind, seconds in sorted(proof.recoveries.seconds.items()):
        p50, p99 = (proof.recoveries.percentile(kind, part) for part in (0.50, 0.99))
        bound = f"{BOUNDS[kind]:.0f} s" if kind in BOUNDS else ""
        yield kind, f"{len(seconds):,}", f"{p50:.1f} s", f"{p99:.1f} s", bound


def _found(proof: Proof) -> str:
    return ", ".join(f"{proof.anomalies[n]} {n}" for n in ANOMALIES if proof.anomalies[n]) or "—"


def _verdict(variant: Variant, proof: Proof) -> str:
    if not variant.catches:
        return "NOT CLEAN" if proof.anomalies else "clean, as it must be"
    return "caught" if is_caught(variant, proof) else "MISSED"


def columns(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    drawn = [[text.ljust(width) for text, width in zip(row, widths, strict=True)] for row in lines]
    rule = ["-" * width for width in widths]
    return [f"| {' | '.join(row)} |" for row in (drawn[0], rule, *drawn[1:])]
