"""How long after a fault a client knows everything again, in simulated seconds."""

from collections import defaultdict

# 99 of 100 must be back within so many seconds (the promise G5); `offline` and `store away`
# count from the moment at which the network or the store is back.
BOUNDS = {
    "connection cut": 10.0,
    "node killed": 10.0,
    "node drained": 10.0,
    "half-open": 45.0,
    "slow reader": 10.0,
    "offline": 15.0,  # nobody tells: a probe of 5 s finds out, then a backoff of up to 5 s
    "poll lost": 10.0,
    "hint": 5.0,
    "store away": 30.0,
}
# Below so many samples the 99th percentile is one unlucky client.
ENOUGH = 100


class Recoveries:
    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def add(self, kind: str, seconds: float) -> None:
        self.seconds[kind].append(seconds)

    def merge(self, other: "Recoveries") -> None:
        for kind, seconds in other.seconds.items():
            self.seconds[kind].extend(seconds)

    def percentile(self, kind: str, part: float) -> float:
        found = sorted(self.seconds.get(kind, []))
        return found[min(len(found) - 1, int(part * len(found)))] if found else 0.0

    def late(self) -> list[str]:
        """Kinds whose 99th percentile is above its bound."""
        return [
            f"{kind}: p99 {self.percentile(kind, 0.99):.1f} s, bound {bound:.0f} s"
            for kind, bound in BOUNDS.items()
            if len(self.seconds.get(kind, [])) >= ENOUGH and self.percentile(kind, 0.99) > bound
        ]
