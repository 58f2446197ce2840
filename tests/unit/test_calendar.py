"""Working time: what is open when, and arithmetic that never ends inside closed time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chatserver.calendar import ALL_DAY, Calendar, Interval, Opening, always

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = Interval(9 * 60, 17 * 60)
OFFICE = ((NINE_TO_FIVE,),) * 5 + ((), ())
NEVER = ((),) * 7
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TICK = datetime.resolution


def berlin(text):
    """A wall time in Berlin, in winter 2026 unless said otherwise; `text` is "MM-DD HH:MM"."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=BERLIN)


def hours(*pairs):
    return tuple(Interval(begin, end) for begin, end in pairs)


@pytest.fixture
def office():
    return Calendar(BERLIN, OFFICE)


# Days


def test_it_is_open_from_the_first_moment_to_before_the_last(office):
    assert not office.is_open(berlin("03-02 09:00") - TICK)
    assert office.is_open(berlin("03-02 09:00"))
    assert office.is_open(berlin("03-02 17:00") - TICK)
    assert not office.is_open(berlin("03-02 17:00"))


def test_a_lunch_break_is_closed():
    calendar = Calendar(BERLIN, (hours((540, 720), (780, 1020)),) * 7)
    assert calendar.next_closing(berlin("03-02 10:00")) == berlin("03-02 12:00")
    assert not calendar.is_open(berlin("03-02 12:30"))
    assert calendar.next_opening(berlin("03-02 12:30")) == berlin("03-02 13:00")


def test_the_next_opening_after_friday_is_monday(office):
    assert office.next_opening(berlin("03-06 18:00")) == berlin("03-09 09:00")
    assert office.opening(berlin("03-06 18:00")) == Opening(False, berlin("03-09 09:00"))
    assert office.opening(berlin("03-06 10:00")) == Opening(True, None)


def test_the_next_opening_while_open_is_the_one_after_the_next_closing(office):
    assert office.next_opening(berlin("03-02 10:00")) == berlin("03-03 09:00")
    assert office.next_closing(berlin("03-02 20:00")) == berlin("03-03 17:00")


def test_hours_are_those_of_the_calendars_own_zone(office):
    assert office.is_open(datetime(2026, 3, 2, 8, 30, tzinfo=UTC))
    assert not office.is_open(datetime(2026, 3, 2, 16, 30, tzinfo=UTC))


def test_a_moment_without_a_time_zone_is_a_bug(office):
    with pytest.raises(ValueError, match="time zone"):
        office.is_open(datetime(2026, 3, 2, 10, 0))  # noqa: DTZ001


# Nights


def test_a_night_belongs_to_the_day_it_begins_on():
    calendar = Calendar(BERLIN, ((), (), (), (), hours((22 * 60, 26 * 60)), (), ()))
    assert calendar.is_open(berlin("03-07 01:59"))  # Saturday, of Friday's night
    assert not calendar.is_open(berlin("03-07 02:00"))
    assert not calendar.is_open(berlin("03-06 01:00"))


def test_a_holiday_does_not_cut_the_night_before_it():
    nights = (hours((22 * 60, 26 * 60)),) * 7
    calendar = Calendar(BERLIN, nights, {date(2026, 3, 7): ()})
    assert calendar.is_open(berlin("03-07 01:00"))
    assert not calendar.is_open(berlin("03-07 23:00"))
    assert not calendar.is_open(berlin("03-08 01:00"))


def test_intervals_that_touch_at_midnight_are_one():
    calendar = Calendar(BERLIN, (hours((0, 360), (1200, 1440)),) * 7)
    assert calendar.next_closing(berlin("03-02 21:00")) == berlin("03-03 06:00")


# Dates


def test_a_holiday_is_closed_and_a_make_up_day_is_worked():
    """Spring Festival: a week off, paid for with two weekend days."""
    dates = {date(2026, 2, day): () for day in range(16, 23)}
    dates |= {date(2026, 2, 14): (NINE_TO_FIVE,), date(2026, 2, 28): (NINE_TO_FIVE,)}
    calendar = Calendar(SHANGHAI, OFFICE, dates)
    assert calendar.is_open(datetime(2026, 2, 14, 10, 0, tzinfo=SHANGHAI))
    assert not calendar.is_open(datetime(2026, 2, 15, 10, 0, tzinfo=SHANGHAI))
    closed = datetime(2026, 2, 14, 18, 0, tzinfo=SHANGHAI)
    assert calendar.next_opening(closed) == datetime(2026, 2, 23, 9, 0, tzinfo=SHANGHAI)
    begin = datetime(2026, 2, 9, 0, 0, tzinfo=SHANGHAI)
    end = begin + 20 * 24 * HOUR
    assert calendar.working_time_between(begin, end) == 12 * 8 * HOUR


def test_years_of_holidays_are_looked_behind():
    first = date(2026, 3, 2)
    shut = {first + timedelta(days=n): () for n in range(2000)}
    calendar = Calendar(BERLIN, OFFICE, shut)
    opened = calendar.next_opening(berlin("03-02 10:00"))
    assert opened == datetime(2031, 8, 25, 9, 0, tzinfo=BERLIN)
    assert calendar.next_closing(berlin("03-02 10:00")) == opened + 8 * HOUR


def test_always_open_never_closes():
    calendar = always(BERLIN)
    assert calendar.opening(berlin("03-29 02:30")) == Opening(True, None)
    assert calendar.next_closing(berlin("03-02 10:00")) is None
    assert calendar.next_opening(berlin("03-02 10:00")) is None
    assert calendar.add_working_time(berlin("03-02 10:00"), 40 * HOUR) == berlin("03-04 02:00")


def test_never_open_never_opens():
    calendar = Calendar(BERLIN, NEVER)
    assert calendar.opening(berlin("03-02 10:00")) == Opening(False, None)
    assert calendar.next_closing(berlin("03-02 10:00")) is None
    assert calendar.add_working_time(berlin("03-02 10:00"), MINUTE) is None


def test_one_make_up_day_is_all_the_time_there_is():
    calendar = Calendar(BERLIN, NEVER, {date(2027, 1, 9): (NINE_TO_FIVE,)})
    end = datetime(2027, 1, 9, 17, 0, tzinfo=BERLIN)
    assert calendar.next_closing(berlin("03-02 10:00")) == end
    assert calendar.add_working_time(berlin("03-02 10:00"), 8 * HOUR) == end
    assert calendar.add_working_time(berlin("03-02 10:00"), 8 * HOUR + TICK) is None
    assert calendar.next_opening(end) is None


# Working time


def test_a_duration_goes_on_after_the_night(office):
    assert office.add_working_time(berlin("03-06 16:00"), 2 * HOUR) == berlin("03-09 10:00")
    assert office.working_time_between(berlin("03-06 16:00"), berlin("03-09 10:00")) == 2 * HOUR


def test_a_duration_that_ends_with_the_day_is_over_at_closing_time(office):
    assert office.add_working_time(berlin("03-06 16:00"), HOUR) == berlin("03-06 17:00")


def test_nothing_after_closing_time_is_the_next_opening(office):
    assert office.add_working_time(berlin("03-06 19:00"), timedelta(0)) == berlin("03-09 09:00")


def test_time_does_not_run_backwards(office):
    assert office.working_time_between(berlin("03-03 10:00"), berlin("03-02 10:00")) == 0 * HOUR
    with pytest.raises(ValueError, match="forward"):
        office.add_working_time(berlin("03-02 10:00"), -MINUTE)


# Clocks that are put forward (29 March, 2:00 to 3:00) and back (25 October, 3:00 to 2:00)


def test_a_day_with_a_missing_hour_is_an_hour_shorter():
    calendar = Calendar(BERLIN, (hours((0, 480)),) * 7)
    begin, end = berlin("03-29 00:00"), berlin("03-29 12:00")
    assert calendar.working_time_between(begin, end) == 7 * HOUR


def test_an_opening_in_the_missing_hour_is_when_the_clock_jumps():
    calendar = Calendar(BERLIN, (hours((150, 480)),) * 7)
    jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert calendar.next_opening(berlin("03-28 12:00")) == jump
    inside = Calendar(BERLIN, (hours((130, 170)),) * 7)
    assert inside.next_opening(berlin("03-28 12:00")) == berlin("03-30 02:10")


def test_an_hour_that_shows_twice_is_open_both_times():
    calendar = Calendar(BERLIN, (hours((120, 180)),) * 7)
    begin, end = berlin("10-25 00:00"), berlin("10-25 12:00")
    assert calendar.working_time_between(begin, end) == 2 * HOUR
    half = Calendar(BERLIN, (hours((120, 150)),) * 7)
    for fold in (0, 1):
        assert half.is_open(berlin("10-25 02:15").replace(fold=fold))


def test_a_day_that_was_skipped_as_a_whole_is_not_worked():
    """Samoa went from 29 to 31 December 2011."""
    calendar = Calendar(ZoneInfo("Pacific/Apia"), ((NINE_TO_FIVE,),) * 7)
    closed = datetime(2011, 12, 29, 17, 0, tzinfo=calendar.zone)
    assert calendar.next_opening(closed) == datetime(2011, 12, 31, 9, 0, tzinfo=calendar.zone)


def test_an_unbroken_week_stays_unbroken_where_midnight_is_missing_or_doubled():
    for name in ("America/Havana", "Africa/Cairo", "America/Sao_Paulo", "Asia/Beirut"):
        calendar = Calendar(ZoneInfo(name), ((ALL_DAY,),) * 7)
        for year in (2010, 2015, 2026):
            begin = datetime(year, 1, 1, tzinfo=UTC)
            assert calendar.working_time_between(begin, begin + 365 * 24 * HOUR) == 8760 * HOUR


# Any calendar, any moment

ZONES = st.sampled_from(
    ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/Havana"]
    + ["Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham", "Africa/Casablanca"]
).map(ZoneInfo)
FIRST = date(2025, 10, 1)
DATES = st.integers(0, 400).map(lambda n: FIRST + timedelta(days=n))
MOMENTS = st.integers(0, 400 * 24 * 60 * 60).map(
    lambda n: datetime(2025, 10, 1, tzinfo=UTC) + timedelta(seconds=n)
)
DURATIONS = st.integers(0, 20 * 60 * 60 * 10**6).map(lambda n: timedelta(microseconds=n))


@st.composite
def intervals(draw):
    """Up to three a day, in order, the last one perhaps over midnight."""
    edges = sorted(draw(st.lists(st.integers(0, 1440), max_size=6, unique=True)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    if pairs and draw(st.booleans()):
        start, end = pairs.pop()
        pairs.append((start, min(end + draw(st.integers(0, 1440)), start + 1440)))
    return hours(*pairs)


@st.composite
def calendars(draw):
    week = tuple(draw(intervals()) for _ in range(7))
    dates = draw(st.dictionaries(DATES, intervals(), max_size=8))
    return Calendar(draw(ZONES), week, dates)


def shows(calendar, at):
    """Whether the clock on the wall is in an interval of its day or of the day before."""
    wall = at.astimezone(calendar.zone)
    minute = wall.hour * 60 + wall.minute
    for back in (0, 1):
        day = wall.date() - timedelta(days=back)
        for one in calendar.dates.get(day, calendar.week[day.weekday()]):
            if one.start <= minute + back * 1440 < one.end:
                return True
    return False


@given(calendars(), MOMENTS)
def test_open_is_what_the_clock_on_the_wall_shows(calendar, at):
    """Exactly so, but around the end of summer time, where a doubled hour is open both times."""
    folds = [(at + n * HOUR).astimezone(calendar.zone).utcoffset() for n in range(-30, 31)]
    if shows(calendar, at):
        assert calendar.is_open(at)
    elif len(set(folds)) == 1:
        assert not calendar.is_open(at)


@given(calendars(), MOMENTS, DURATIONS)
def test_adding_and_measuring_are_inverse(calendar, at, duration):
    end = calendar.add_working_time(at, duration)
    assume(end is not None)
    assert end >= at
    assert calendar.working_time_between(at, end) == duration


@given(calendars(), MOMENTS, DURATIONS)
def test_a_sum_never_lies_inside_closed_time(calendar, at, duration):
    end = calendar.add_working_time(at, duration)
    assume(end is not None)
    assert calendar.is_open(end) or calendar.is_open(end - TICK)


@given(calendars(), MOMENTS, MOMENTS, DURATIONS, DURATIONS)
def test_later_and_longer_never_end_earlier(calendar, one, other, short, long):
    ends = [
        calendar.add_working_time(at, duration)
        for at, duration in zip(sorted([one, other]), sorted([short, long]), strict=True)
    ]
    assume(None not in ends)
    assert ends[0] <= ends[1]


@given(calendars(), st.lists(MOMENTS, min_size=3, max_size=3))
def test_time_adds_up(calendar, moments):
    first, middle, last = sorted(moments)
    whole = calendar.working_time_between(first, last)
    parts = [calendar.working_time_between(*pair) for pair in ((first, middle), (middle, last))]
    assert whole == sum(parts, timedelta(0))
    assert timedelta(0) <= whole <= last - first


@given(calendars(), MOMENTS)
def test_the_edges_are_where_it_changes(calendar, at):
    opened, closed = calendar.next_opening(at), calendar.next_closing(at)
    if opened is not None:
        assert opened > at
        assert calendar.is_open(opened)
        assert not calendar.is_open(opened - TICK)
    if closed is not None:
        assert closed > at
        assert not calendar.is_open(closed)
        assert calendar.is_open(closed - TICK)
    if calendar.is_open(at) and opened and closed:
        assert closed < opened
    if not calendar.is_open(at) and opened and closed:
        assert opened < closed
        assert calendar.working_time_between(at, opened) == timedelta(0)
