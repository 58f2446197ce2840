"""Opening hours as a person writes them, and the calendar they make. Pure."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from chatserver.calendar import Calendar, Interval, always

# From, to: "09:00", "17:30". A `to` that is not later is on the next day; "24:00" ends a whole day.
Pair = tuple[str, str]
Pairs = tuple[Pair, ...]


class Holiday(Struct, frozen=True):
    """Closed from `first` to `last`, both included."""

    first: str
    last: str
    name: str = ""


class Workday(Struct, frozen=True):
    """A date with hours of its own, also inside holidays: a make-up day, a late opening."""

    date: str
    hours: Pairs
    name: str = ""


class Plan(Struct, frozen=True):
    """The week from Monday on, and what is different. Nothing of it counts while `always`."""

    zone: str
    always: bool
    week: tuple[Pairs, ...]
    holidays: tuple[Holiday, ...] = ()
    workdays: tuple[Workday, ...] = ()


class SiteHours(Struct, frozen=True):
    """A stored plan. `version` counts its changes; 0: nobody has written one yet."""

    plan: Plan
    version: int
    updated_at: datetime | None = None
    updated_by: str | None = None


_office: Pairs = (("09:00", "17:00"),)
# Open round the clock. The week is what the editor starts with once somebody says otherwise.
DEFAULT = SiteHours(Plan("UTC", True, (_office,) * 5 + ((), ())), 0)


def calendar_of(plan: Plan) -> Calendar:
    """Of a checked plan."""
    zone = ZoneInfo(plan.zone)
    if plan.always:
        return always(zone)
    dates: dict[date, tuple[Interval, ...]] = {
        day: () for holiday in plan.holidays for day in days_of(holiday)
    }
    for workday in plan.workdays:
        dates[date.fromisoformat(workday.date)] = intervals_of(workday.hours)
    return Calendar(zone, tuple(intervals_of(day) for day in plan.week), dates)


def days_of(holiday: Holiday) -> list[date]:
    first, last = date.fromisoformat(holiday.first), date.fromisoformat(holiday.last)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def intervals_of(pairs: Pairs) -> tuple[Interval, ...]:
    return tuple(interval_of(pair) for pair in pairs)


def interval_of(pair: Pair) -> Interval:
    start, end = (minute_of(text) for text in pair)
    return Interval(start, end if end > start else end + 24 * 60)


def minute_of(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)
