"""Working-time arithmetic: opening hours, holidays, make-up days, time zones. Pure.

An interval belongs to the day it begins on, also when it ends after midnight: a holiday takes away
what begins on it, not the end of the night before. Where clocks are put back, an hour that shows
twice is open both times; where they are put forward, an hour that never shows is nobody's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

NOTHING, MINUTE, DAY = timedelta(0), timedelta(minutes=1), timedelta(days=1)
DAY_MINUTES = 24 * 60
# Where no exception is left, the week repeats itself: what did not happen in three did never.
REPEATS = timedelta(weeks=3)
# An interval ends a day after its own at the latest; the other day is for zones that skipped one.
REACH = timedelta(days=2)
# No promise reaches further. It keeps a week of one minute from being walked for ever.
FAR = timedelta(days=50 * 366)

Span = tuple[datetime, datetime]


class Interval(Struct, frozen=True, order=True):
    """Minutes since midnight, `end` not included; an end over 24 hours is on the next day."""

    start: int
    end: int


ALL_DAY = Interval(0, DAY_MINUTES)


class Opening(Struct, frozen=True):
    """What a visitor is told. `next_opening` is None while open, and when nothing is planned."""

    open: bool
    next_opening: datetime | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Seven days from Monday on, and the dates that are not like their weekday: none is closed."""

    zone: ZoneInfo
    week: tuple[tuple[Interval, ...], ...]
    dates: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)

    def is_open(self, at: datetime) -> bool:
        start, _ = next(self._pieces(at, self._day(at)), (None, None))
        return start is not None and start <= at

    def opening(self, at: datetime) -> Opening:
        if self.is_open(at):
            return Opening(True, None)
        return Opening(False, self.next_opening(at))

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment after `at` at which closed turns into open; None when it never does."""
        edge = at
        for start, end in self._pieces(at, self._horizon(at)):
            if start > edge:
                return start
            edge = end
        return None

    def next_closing(self, at: datetime) -> datetime | None:
        """The first moment after `at` at which open turns into closed; None when it never does."""
        edge: datetime | None = None
        for start, end in self._pieces(at, self._horizon(at)):
            if edge is not None and start > edge:
                return edge
            edge = end
        return None if any(self.week) else edge

    def working_time_between(self, begin: datetime, end: datetime) -> timedelta:
        """The open time in [begin, end); nothing when `end` is not the later one."""
        if end <= begin:
            return NOTHING
        pieces = self._pieces(begin, self._day(end))
        return sum((min(stop, end) - start for start, stop in pieces if start < end), NOTHING)

    def add_working_time(self, at: datetime, duration: timedelta) -> datetime | None:
        """The moment at which `duration` of open time has passed; None when it never has.

        A duration that ends with the day is over at closing time, not the next morning.
        """
        if duration < NOTHING:
            raise ValueError("working time only goes forward")
        far = self._day(at + FAR) if any(self.week) else self._horizon(at)
        for start, end in self._pieces(at, far):
            if end - start >= duration:
                return start + duration
            duration -= end - start
        return None

    def _pieces(self, at: datetime, last: date) -> Iterator[Span]:
        """The open time after `at`, in order and without overlaps; pieces may touch."""
        if at.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        reached, day = at.astimezone(UTC), self._day(at) - REACH
        while day <= last:
            for start, end in self._spans(day):
                if end > reached:
                    yield max(start, reached), end
                    reached = end
            day += DAY

    def _spans(self, day: date) -> Iterator[Span]:
        intervals = self.dates.get(day, self.week[day.weekday()])
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        offset = midnight.utcoffset()
        if offset == (midnight + REACH).utcoffset():  # nearly every day: no clock is moved
            base = midnight.replace(tzinfo=UTC) - (offset or NOTHING)
            for one in intervals:
                yield base + MINUTE * one.start, base + MINUTE * one.end
            return
        for one in intervals:
            start = self._moment(day, one.start, fold=0)
            end = self._moment(day, one.end, fold=1)
            if start < end:
                yield start, end

    def _moment(self, day: date, minute: int, *, fold: int) -> datetime:
        """When the clock on the wall shows it: first (fold 0) or last (fold 1)."""
        wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001
        first, last = (
            wall.replace(tzinfo=self.zone, fold=number).astimezone(UTC) for number in (0, 1)
        )
        if first > last:
            return self._jump(last, first)
        return last if fold else first

    def _jump(self, before: datetime, after: datetime) -> datetime:
        """The moment between the two at which the clock is put forward."""
        old = before.astimezone(self.zone).utcoffset()
        while after - before > datetime.resolution:
            middle = before + (after - before) // 2
            if middle.astimezone(self.zone).utcoffset() == old:
                before = middle
            else:
                after = middle
        return after

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _horizon(self, at: datetime) -> date:
        return max([self._day(at), *self.dates]) + REPEATS


class Timetable:
    """A calendar that many look at: it is walked once for each time that it turns."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._seen: tuple[datetime, datetime | None, bool] | None = None

    def at(self, now: datetime) -> tuple[bool, datetime | None]:
        """Whether it is open, and until when that holds; None: for ever."""
        if self._seen is not None:
            since, until, is_open = self._seen
            if since <= now and (until is None or now < until):
                return is_open, until
        is_open = self.calendar.is_open(now)
        turn = self.calendar.next_closing if is_open else self.calendar.next_opening
        self._seen = now, turn(now), is_open
        return is_open, self._seen[1]


def always(zone: ZoneInfo) -> Calendar:
    return Calendar(zone, ((ALL_DAY,),) * 7)
