"""What may be written of opening hours, and the calendar that it makes."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from chatserver.errors import Invalid
from chatserver.features.hours.model import DEFAULT, Holiday, Plan, Workday, calendar_of
from chatserver.features.hours.rules import checked

TODAY = date(2026, 3, 2)
OFFICE = (("09:00", "17:00"),)
PLAN = Plan("Asia/Shanghai", False, (OFFICE,) * 5 + ((), ()))


def changed(**fields):
    return msgspec.structs.replace(PLAN, **fields)


def problems(plan):
    with pytest.raises(Invalid) as caught:
        checked(plan, TODAY)
    return caught.value.fields


def monday(*pairs):
    return changed(week=(pairs, *PLAN.week[1:]))


def test_the_default_is_fine_and_always_open():
    assert checked(DEFAULT.plan, TODAY) == DEFAULT.plan
    assert calendar_of(DEFAULT.plan).is_open(datetime(2026, 3, 1, 3, 0, tzinfo=UTC))


def test_a_plan_is_stored_in_order_and_with_tidy_names():
    plan = changed(
        week=((("13:00", "17:00"), ("09:00", "12:00")), *PLAN.week[1:]),
        holidays=(
            Holiday("2026-10-01", "2026-10-07"),
            Holiday("2026-02-16", "2026-02-22", " 春节 "),
        ),
        workdays=(Workday("2026-02-28", OFFICE), Workday("2026-02-14", OFFICE, "a\nb")),
    )
    tidy = checked(plan, TODAY)
    assert tidy.week[0] == (("09:00", "12:00"), ("13:00", "17:00"))
    assert [(one.first, one.name) for one in tidy.holidays] == [
        ("2026-02-16", "春节"),
        ("2026-10-01", ""),
    ]
    assert [(one.date, one.name) for one in tidy.workdays] == [
        ("2026-02-14", "a b"),
        ("2026-02-28", ""),
    ]
    assert checked(tidy, TODAY) == tidy


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/Argentina/Ushuaia", "Etc/GMT+8"])
def test_places_and_utc_are_zones(zone):
    assert checked(changed(zone=zone), TODAY).zone == zone


@pytest.mark.parametrize(
    "zone",
    ["", "EST", "localtime", "Europe", "Europe/", "Mars/Base", "../etc/passwd", "/etc/localtime"]
    + ["Europe/Berlin\0", "europe/berlin/x/y", "posix/Europe/../Berlin", "x" * 5000],
)
def test_anything_else_is_not_a_zone(zone):
    assert problems(changed(zone=zone)) == {"zone": "unknown"}


@pytest.mark.parametrize(
    "pair",
    [("9:00", "17:00"), ("09:00", "09:00"), ("24:00", "09:00"), ("09:00", "24:30"), ("", "")]
    + [("09:60", "10:00"), ("09:00", "17:00\n"), ("٠٩:00", "17:00"), ("-1:00", "17:00")],
)
def test_what_is_not_two_times_is_refused(pair):
    assert problems(monday(pair)) == {"week[0]": "not_an_interval"}


@pytest.mark.parametrize(
    "pairs",
    [
        (("00:00", "24:00"),),
        (("22:00", "02:00"),),
        (("09:00", "12:00"), ("12:00", "17:00")),
        (("00:00", "00:01"), ("23:59", "00:00")),
    ],
)
def test_nights_whole_days_and_touching_intervals_are_fine(pairs):
    assert checked(monday(*pairs), TODAY).week[0] == pairs


@pytest.mark.parametrize(
    "pairs",
    [
        (("09:00", "12:01"), ("12:00", "17:00")),
        (("22:00", "02:00"), ("23:00", "24:00")),
        (("09:00", "10:00"), ("09:00", "10:00")),
    ],
)
def test_intervals_of_a_day_do_not_overlap(pairs):
    assert problems(monday(*pairs)) == {"week[0]": "overlap"}


def test_a_day_has_eight_intervals_at_most():
    pairs = [(f"{hour:02}:00", f"{hour:02}:30") for hour in range(9)]
    assert problems(monday(*pairs)) == {"week[0]": "too_many"}
    assert checked(monday(*pairs[:8]), TODAY)


@pytest.mark.parametrize("days", [0, 6, 8])
def test_a_week_has_seven_days(days):
    assert problems(changed(week=((),) * days)) == {"week": "unknown"}


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2026-02-30", "2026-03-01", "not_a_date"),
        ("2026-03-02", "2026-03-01", "not_a_date"),
        ("20260301", "2026-03-01", "not_a_date"),
        ("2026-W10-1", "2026-03-01", "not_a_date"),
        ("", "2026-03-01", "not_a_date"),
        ("2026-03-01", "9999-12-31", "too_far"),
        ("0001-01-01", "2026-03-01", "too_far"),
    ],
)
def test_a_holiday_is_two_near_dates_in_order(first, last, code):
    assert problems(changed(holidays=(Holiday(first, last),))) == {"holidays[0]": code}


def test_holidays_are_counted_in_days():
    years = [Holiday(f"{year}-01-01", f"{year}-12-31") for year in range(2020, 2024)]
    assert problems(changed(holidays=tuple(years))) == {"holidays": "too_many"}
    assert checked(changed(holidays=tuple(years[:2])), TODAY)


def test_a_make_up_day_has_hours_and_a_date_of_its_own():
    workdays = (
        Workday("2026-02-14", OFFICE),
        Workday("2026-02-14", OFFICE),
        Workday("2026-02-28", ()),
        Workday("2026-02-31", OFFICE),
        Workday("2026-03-01", (("x", "y"),)),
        Workday("2026-03-08", OFFICE, "x" * 101),
    )
    assert problems(changed(workdays=workdays)) == {
        "workdays[1]": "taken",
        "workdays[2]": "required",
        "workdays[3]": "not_a_date",
        "workdays[4]": "not_an_interval",
        "workdays[5]": "too_long",
    }


def test_a_make_up_day_inside_holidays_is_worked():
    plan = changed(
        holidays=(Holiday("2026-02-16", "2026-02-22"),), workdays=(Workday("2026-02-18", OFFICE),)
    )
    calendar = calendar_of(checked(plan, TODAY))
    assert not calendar.is_open(datetime(2026, 2, 17, 2, 0, tzinfo=UTC))
    assert calendar.is_open(datetime(2026, 2, 18, 2, 0, tzinfo=UTC))


def test_every_wrong_field_is_named_at_once():
    plan = changed(zone="x", week=((("x", "y"),),) * 7, holidays=(Holiday("x", "y"),))
    assert set(problems(plan)) == {"zone", "holidays[0]", *(f"week[{n}]" for n in range(7))}
