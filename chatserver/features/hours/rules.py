"""What may be written of opening hours. Pure."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from chatserver.errors import Invalid
from chatserver.features.hours.model import Holiday, Pairs, Plan, Workday, days_of, intervals_of
from chatserver.identity.words import one_line

NAME_CHARS = 100
# What a person can oversee. All of it is read for each visitor who opens the chat.
INTERVALS_A_DAY = 8
HOLIDAY_DAYS = 1000
WORKDAYS = 400
# The next opening is looked for day by day up to the last date: ten years take some milliseconds.
REACH = timedelta(days=3660)

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Places and UTC. The old short names (EST, GMT) mean a fixed offset to some and a place to others.
_ZONE = re.compile(r"UTC|[A-Za-z]{2,14}(/[A-Za-z0-9_+-]{1,20}){1,2}")

T = TypeVar("T")
Problems = Iterator[tuple[str, str | None]]


def checked(plan: Plan, today: date) -> Plan:
    """The plan as it is stored. Raises Invalid with every field that is wrong."""
    problems = {field: code for field, code in _problems(plan, today) if code is not None}
    if problems:
        raise Invalid("these hours cannot be saved", fields=problems)
    return Plan(
        zone=plan.zone,
        always=plan.always,
        week=tuple(tuple(sorted(day)) for day in plan.week),
        holidays=tuple(sorted((_named(one) for one in plan.holidays), key=lambda h: h.first)),
        workdays=tuple(sorted((_tidy(one) for one in plan.workdays), key=lambda w: w.date)),
    )


def _problems(plan: Plan, today: date) -> Problems:
    yield "zone", None if _is_zone(plan.zone) else "unknown"
    yield "week", None if len(plan.week) == 7 else "unknown"
    for index, day in enumerate(plan.week):
        yield f"week[{index}]", _hours_problem(day)
    for index, holiday in enumerate(plan.holidays):
        yield f"holidays[{index}]", _holiday_problem(holiday, today) or _name_problem(holiday.name)
    yield "holidays", "too_many" if _holiday_days(plan, today) > HOLIDAY_DAYS else None
    yield from _workday_problems(plan.workdays, today)


def _workday_problems(workdays: tuple[Workday, ...], today: date) -> Problems:
    yield "workdays", "too_many" if len(workdays) > WORKDAYS else None
    seen: set[str] = set()
    for index, workday in enumerate(workdays):
        yield (
            f"workdays[{index}]",
            (
                _date_problem(workday.date, today)
                or ("taken" if workday.date in seen else None)
                or (None if workday.hours else "required")
                or _hours_problem(workday.hours)
                or _name_problem(workday.name)
            ),
        )
        seen.add(workday.date)


def _hours_problem(pairs: Pairs) -> str | None:
    if len(pairs) > INTERVALS_A_DAY:
        return "too_many"
    if not all(_is_pair(start, end) for start, end in pairs):
        return "not_an_interval"
    ordered = sorted(intervals_of(pairs))
    touching = zip(ordered, ordered[1:], strict=False)
    return "overlap" if any(one.end > other.start for one, other in touching) else None


def _is_pair(start: str, end: str) -> bool:
    if not _TIME.fullmatch(start) or not (_TIME.fullmatch(end) or end == "24:00"):
        return False
    return start != end


def _holiday_days(plan: Plan, today: date) -> int:
    return sum(len(days_of(one)) for one in plan.holidays if not _holiday_problem(one, today))


def _holiday_problem(holiday: Holiday, today: date) -> str | None:
    problem = _date_problem(holiday.first, today) or _date_problem(holiday.last, today)
    return problem or (None if holiday.first <= holiday.last else "not_a_date")


def _date_problem(text: str, today: date) -> str | None:
    parsed = _quiet(date.fromisoformat, text) if _DATE.fullmatch(text) else None
    if parsed is None:
        return "not_a_date"
    return None if abs(parsed - today) <= REACH else "too_far"


def _name_problem(name: str) -> str | None:
    return "too_long" if len(one_line(name, NAME_CHARS + 1)) > NAME_CHARS else None


def _named(holiday: Holiday) -> Holiday:
    return Holiday(holiday.first, holiday.last, one_line(holiday.name, NAME_CHARS))


def _tidy(workday: Workday) -> Workday:
    hours = tuple(sorted(workday.hours))
    return Workday(workday.date, hours, one_line(workday.name, NAME_CHARS))


def _is_zone(name: str) -> bool:
    return bool(_ZONE.fullmatch(name)) and _quiet(ZoneInfo, name) is not None


def _quiet(make: Callable[[str], T], text: str) -> T | None:
    try:
        return make(text)
    except (ValueError, KeyError, OSError):  # a folder of zones, say, is no zone
        return None
