"""The names of what must never happen, counted, with the first examples of each."""

from collections import Counter

ANOMALIES = (
    "lost", "duplicate", "reorder", "gap", "phantom",
    "divergent", "leak", "regress", "zombie", "stale",
)  # fmt: skip
EXAMPLES = 3


class Anomalies:
    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.examples: list[str] = []

    def found(self, kind: str, what: str, t: float | None = None) -> None:
        if kind not in ANOMALIES:
            raise ValueError(kind)
        self.counts[kind] += 1
        if self.counts[kind] <= EXAMPLES:
            when = "" if t is None else f" (at {t:.3f} s)"
            self.examples.append(f"{kind}: {what}{when}")
