"""The end of a town: its history and its log, side by side in time, go through the checks."""

import heapq
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tests.prove.anomalies import Anomalies
from tests.prove.checks import Checker
from tests.prove.history import Event, decode
from tests.prove_long import store

if TYPE_CHECKING:
    from tests.prove_long.town import Town


CLOCK_SECONDS = 0.02


async def judge(town: "Town", history: Path) -> tuple[Anomalies, int, int]:
    """The anomalies, and how many messages were acknowledged and how many facts are stored."""
    named = (*town.visitors, *town.flooders)
    names = {visitor.name: visitor.author for visitor in named}
    log = await store.read_log(town.database, town.pace)
    said = _said(history, names, log.places)
    checker = Checker()
    for event in heapq.merge(_monotone(log.events), said, key=lambda event: event.t):
        checker.see(event)
    anomalies = checker.end()
    for missing in town.copies:
        for what in missing:
            anomalies.found("lost", what)
    for key in log.wrong:
        anomalies.found("divergent", f"the row of {key} is not what its facts add up to")
    return anomalies, checker.sends.acknowledged, len(log.events)


def _monotone(log: list[Event]) -> Iterator[Event]:
    """Positions lead: the time of a batch is read before its turn comes. Two processes read the
    same clock, but not in one breath."""
    t = 0.0
    for event in log:
        t = max(t, event.t - CLOCK_SECONDS)
        yield replace(event, t=t)


def _said(history: Path, names: dict[str, str], places: dict[int, int]) -> Iterator[Event]:
    """Visitors go by the names they have here until the service has given them others."""
    with history.open("rb") as lines:
        for line in lines:
            event = decode(line)
            if event.f == "row":
                event = replace(event, seq=places.get(event.seq, 0))
            name = names.get(event.author)
            yield event if name is None else replace(event, author=name)
