"""The figures as a table: ours, the baseline of the same run, their ratio, the machine's noise."""

from collections.abc import Sequence
from dataclasses import dataclass

HEAD = ("measured", "ours", "echo", "ratio", "server", "generator", "others")


@dataclass(frozen=True)
class Row:
    """`server` and `generator` are shares of one core, `others` of the whole machine."""

    name: str
    ours: float
    unit: str
    baseline: float | None = None
    shares: tuple[float, float, float] | None = None

    def cells(self) -> tuple[str, ...]:
        baseline = ratio = ""
        if self.baseline:
            baseline = number(self.baseline)
            ratio = f"{self.ours / self.baseline:.2f}"
        shares = [f"{share:.0%}" for share in self.shares] if self.shares else ["", "", ""]
        return (self.name, f"{number(self.ours)} {self.unit}", baseline, ratio, *shares)


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def percentile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("nan")


def as_text(rows: Sequence[Row]) -> str:
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    made = [
        "| " + " | ".join(_cell(line, column, widths) for column in range(len(HEAD))) + " |"
        for line in lines
    ]
    rule = "|" + "|".join("-" * (w + 1) + (":" if i else "-") for i, w in enumerate(widths)) + "|"
    return "\n".join([made[0], rule, *made[1:]])


def _cell(line: Sequence[str], column: int, widths: Sequence[int]) -> str:
    text = line[column]
    return text.rjust(widths[column]) if column else text.ljust(widths[column])
