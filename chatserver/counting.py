"""How many and how long: plain numbers, kept where it happens, for whoever comes to measure."""

from bisect import bisect_left


class Spread:
    """How numbers spread over bounds: `counts[i]` of them were at most `bounds[i]`, and larger than
    the bound before; the last count is for what lies beyond all."""

    def __init__(self, *bounds: float) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, number: float) -> None:
        self.counts[bisect_left(self.bounds, number)] += 1
        self.total += number
