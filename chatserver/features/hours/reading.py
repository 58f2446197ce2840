"""Stored hours, whoever wrote them. Pure.

A newer release may have added fields, or days of a kind that this one does not know, and a step
back must not take a site's chat away. What cannot be understood counts as not there: an
unknown holiday is an ordinary day, and a plan of which the week says nothing to us is that of an
open site.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import msgspec

from chatserver.features.hours.model import DEFAULT, Holiday, Plan, Workday, calendar_of

T = TypeVar("T", Holiday, Workday)


class _Frame(msgspec.Struct, frozen=True):
    """A plan without its special days, which are looked at one by one."""

    zone: str
    always: bool
    week: tuple[tuple[tuple[str, str], ...], ...]
    holidays: list[Any] = []
    workdays: list[Any] = []


_frame = msgspec.json.Decoder(_Frame).decode


def read(text: str) -> Plan:
    try:
        stored = _frame(text)
    except msgspec.MsgspecError:
        return DEFAULT.plan
    plain = Plan(stored.zone, stored.always, stored.week)
    if len(plain.week) != 7 or not _works(plain):
        return DEFAULT.plan
    return msgspec.structs.replace(
        plain,
        holidays=tuple(_known(Holiday, stored.holidays, lambda day: _with(holidays=(day,)))),
        workdays=tuple(_known(Workday, stored.workdays, lambda day: _with(workdays=(day,)))),
    )


def _known(kind: type[T], stored: list[Any], plan_of: Callable[[T], Plan]) -> Iterator[T]:
    for one in stored:
        try:
            day = msgspec.convert(one, kind)
        except msgspec.ValidationError:
            continue
        if _works(plan_of(day)):
            yield day


def _with(holidays: tuple[Holiday, ...] = (), workdays: tuple[Workday, ...] = ()) -> Plan:
    return Plan("UTC", False, ((),) * 7, holidays, workdays)


def _works(plan: Plan) -> bool:
    """Whether a calendar can be made of it."""
    try:
        calendar_of(plan)
    except (ValueError, KeyError, OSError):
        return False
    return True
