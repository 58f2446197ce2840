"""Which faults happen, how often, and how many did. All chance comes from one seeded source."""

from collections import Counter
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Weather:
    """How often each fault comes: per frame, hint, commit, batch or second; times in seconds."""

    cut: float = 0.005  # per frame
    half_open: float = 0.0008
    stall: float = 0.0030
    twice: float = 0.010  # a send that arrives twice
    mark_late: float = 0.100  # a read mark that arrives again, later
    hint_lost: float = 0.060  # per hint and listening node
    hint_late: float = 0.030
    subscription_late: float = 0.010
    hint_disordered: float = 0.030
    hint_twice: float = 0.030
    crash: float = 0.0004  # per commit and named point
    crash_catch_up: float = 0.0003  # per reading
    commit_unknown: float = 0.0030
    unavailable: float = 0.0030
    bus_down: float = 1 / 60  # per second
    store_away: float = 1 / 120
    drain: float = 1 / 60
    clock_jump: float = 1 / 10
    revoke: float = 1 / 60
    hostile: float = 1 / 10
    reload: float = 0.014  # per act of a visitor
    offline: float = 0.008
    follow_seconds: float = 0.006  # how long a catch-up may be on its way to the desk, no fault


CALM = Weather(**dict.fromkeys(set(Weather.__dataclass_fields__) - {"follow_seconds"}, 0.0))


class Chance:
    """Rolls the dice and keeps the count. `calm` ends all faults: then everything must heal."""

    def __init__(self, seed: int, weather: Weather) -> None:
        self.random = Random(seed)
        self.weather = weather
        self.calm = False
        self.faults: Counter[str] = Counter()
        self.lost_frames = 0

    def strikes(self, kind: str, probability: float) -> bool:
        if self.calm or probability <= 0 or self.random.random() >= probability:
            return False
        self.faults[kind] += 1
        return True

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.random.random()
