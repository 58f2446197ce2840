"""The checks: one pass over a history, in the order in which it happened. The log may also come
first as a whole, when it was read from a real database at the end."""

from collections.abc import Callable, Iterable

from tests.prove.access import Access
from tests.prove.anomalies import Anomalies
from tests.prove.history import Event
from tests.prove.ledger import Ledger
from tests.prove.rest import Rest
from tests.prove.screens import Screens
from tests.prove.sends import Sends
from tests.prove.storing import Storing

See = Callable[[Event], None]


class Checker:
    """`see` every event, then `end`."""

    def __init__(self) -> None:
        self.anomalies = found = Anomalies()
        self.ledger = ledger = Ledger()
        self.sends = Sends(ledger, found)
        storing = Storing(ledger, found)
        access, screens = Access(ledger, found), Screens(ledger, found)
        rest = Rest(ledger, found)
        self._checks: dict[str, tuple[See, ...]] = {
            "join": (access.joined, screens.joined, rest.joined, self.sends.joined),
            "send": (self.sends.sent,),
            "log": (storing.stored, access.stored),
            "mark": (storing.marked,),
            "sub": (screens.began,),
            "fact": (screens.shown,),
            "page": (screens.paged,),
            "read": (screens.told_read,),
            "frame": (access.framed,),
            "access": (access.changed, self.sends.access_changed),
            "fault": (screens.disturbed,),
            "back": (screens.back,),
            "held": (rest.held,),
            "row": (rest.row,),
            "rows": (rest.rows,),
        }

    def see(self, event: Event) -> None:
        for check in self._checks[event.f]:
            check(event)

    def end(self) -> Anomalies:
        self.sends.end()
        return self.anomalies


def check(history: Iterable[Event]) -> Anomalies:
    checker = Checker()
    for event in history:
        checker.see(event)
    return checker.end()
