"""The working calendar keeps its promises: holidays, make-up days, clock changes, pauses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.words.calendar import (
    ALWAYS,
    Calendar,
    Limit,
    LimitNotReadable,
    NoWorkTime,
    due,
    read_limit,
    remaining,
    resume,
    share_of,
)
from engine.words.durations import Duration

SHANGHAI = ZoneInfo("Asia/Shanghai")
PARIS = ZoneInfo("Europe/Paris")
OFFICE = ((time(8, 30), time(12)), (time(14), time(17, 30)))  # seven hours
GOLDEN_WEEK: dict[date, Literal["rest"]] = {date(2025, 10, day): "rest" for day in range(1, 9)}
CITY = Calendar(
    "city",
    SHANGHAI,
    dict.fromkeys(range(5), OFFICE),
    {**GOLDEN_WEEK, date(2025, 9, 28): "work", date(2025, 10, 11): "work", date(2025, 12, 31): (OFFICE[0],)},
)
NIGHT_WATCH = Calendar("night watch", SHANGHAI, {weekday: ((time(22), time(6)),) for weekday in range(5)})
PARIS_OFFICE = Calendar("paris", PARIS, {weekday: ((time(0), time(0)),) for weekday in range(7)})


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-09-26", True),
        ("2025-09-27", False),
        ("2025-09-28", True),  # a Sunday that counts as work
        ("2025-10-01", False),
        ("2025-10-08", False),
        ("2025-10-09", True),
        ("2025-10-11", True),  # a Saturday that counts as work
        ("2025-10-12", False),
        ("2025-12-31", True),
    ],
)
def test_holidays_and_make_up_days(day: str, works: bool) -> None:
    assert CITY.is_work_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("text", "start", "ends"),
    [
        ("PT2H", "2025-09-30T16:30", "2025-09-30T18:30"),
        ("2小时", "2025-09-30T23:30", "2025-10-01T01:30"),
        ("P1D", "2025-09-30T16:30", "2025-10-01T16:30"),
        ("3天", "2025-09-30T16:30", "2025-10-03T16:30"),
        ("P1DT2H", "2025-09-30T16:30", "2025-10-01T18:30"),
        ("2 work hours", "2025-09-29T11:00", "2025-09-29T15:00"),  # over the noon break
        ("2工作时", "2025-09-30T16:30", "2025-10-09T09:30"),  # over the golden week
        ("7 work hours", "2025-09-26T17:30", "2025-09-28T17:30"),  # Friday evening: the make-up Sunday counts
        ("1 work hour", "2025-09-30T16:30", "2025-09-30T17:30"),  # exactly at the close, not at the next opening
        ("3 work days", "2025-09-29T09:00", "2025-10-10T17:30"),  # 30 Sep, 9 and 10 Oct
        ("3个工作日", "2025-09-30T09:00", "2025-10-11T17:30"),  # 9, 10 and the make-up Saturday
        ("1工作日", "2025-10-03T09:00", "2025-10-09T17:30"),  # raised in the holidays
        ("1 work day", "2025-12-30T09:00", "2025-12-31T12:00"),  # a day with hours of its own
        ("same day", "2025-10-01T09:00", "2025-10-02T00:00"),
        ("当日", "2025-09-30T23:59", "2025-10-01T00:00"),
        ("当日18:00", "2025-09-30T09:00", "2025-09-30T18:00"),
        ("end of work day", "2025-09-30T09:00", "2025-09-30T17:30"),
        ("下班前", "2025-09-30T17:30", "2025-10-09T17:30"),
        ("下班前", "2025-10-02T10:00", "2025-10-09T17:30"),
        ("next day 12:00", "2025-09-30T09:00", "2025-10-01T12:00"),
        ("次日12时前", "2025-12-31T09:00", "2026-01-01T12:00"),
        ("下一工作日12:00", "2025-09-30T09:00", "2025-10-09T12:00"),
        ("1个月", "2025-01-31T10:00", "2025-02-28T10:00"),
        ("P1M", "2024-01-31T10:00", "2024-02-29T10:00"),
        ("P1Y", "2024-02-29T10:00", "2025-02-28T10:00"),
    ],
)
def test_when_a_limit_runs_out(text: str, start: str, ends: str) -> None:
    ran_out = due(read_limit(text), at(start), CITY)
    assert ran_out == at(ends)
    assert ran_out.tzinfo is UTC


@pytest.mark.parametrize(
    ("spellings", "limit"),
    [
        (["2小时", "两小时", "2 hours", "2h", "2个小时内", "２小时", "PT2H", "pt2h"], ("span", 0, 0, hours(2))),
        (["30分钟", "30 minutes", "PT30M", "0.5 hours"], ("span", 0, 0, hours(0.5))),
        (
            ["2工作时", "2个工作小时", "2 work hours", "2 working hours", "2 business hours"],
            ("work time", 0, 0, hours(2)),
        ),
        (
            ["3工作日", "3个工作日内", "三个工作日", "3 work days", "3 working days", "3-work-days"],
            ("work days", 0, 3, hours(0)),
        ),
        (["15天", "十五日", "15 days", "P15D", "15日之内"], ("span", 0, 15, hours(0))),
        (["2周", "2 weeks", "P2W", "14 days", "两个星期"], ("span", 0, 14, hours(0))),
        (["1个月", "1 month", "P1M", "一月"], ("span", 1, 0, hours(0))),
        (["当日", "当天", "same day", "Same Day", "今日24:00"], ("day", 0, 0, hours(24))),
        (["下班前", "当日下班前", "end of work day", "end of the working day"], ("end of work day", 0, 0, hours(0))),
        (["次日12:00", "第二天12点", "次日12时前", "next day 12:00", "翌日12点整"], ("day", 0, 1, hours(12))),
        (["次日", "next day", "次日24:00"], ("day", 0, 1, hours(24))),
        (["次工作日9点30分", "下一个工作日9:30", "next work day 9:30"], ("work day", 0, 1, hours(9.5))),
        (["下一工作日", "next work day", "1 work day"], ("work days", 0, 1, hours(0))),
    ],
)
def test_all_spellings_of_a_limit(spellings: list[str], limit: tuple[str, int, int, timedelta]) -> None:
    for text in spellings:
        read = read_limit(text)
        assert (read.kind, read.months, read.days, read.time) == limit, text
        assert read.text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1DPT1H",
        "-PT1S",
        "PT0S",
        "0 work days",
        "1.5 days",
        "1.5 work days",
        "2 work weeks",
        "soon",
        "11年",
        "次日25:00",
        "当日24:30",
        "P9999999Y",
        "999999 work days",
        "3",
        "三三天",
        "十十天",
        "=limits.rectify",
        "2 hours 3",
    ],
)
def test_what_is_no_limit_is_told_in_both_languages(text: str) -> None:
    with pytest.raises(LimitNotReadable) as told:
        read_limit(text)
    assert f"“{text}”" in told.value.zh
    assert f'"{text}"' in told.value.en


@pytest.mark.parametrize(
    ("text", "start", "ends"),
    [
        ("P1D", "2025-03-29T12:00", "2025-03-30T12:00"),  # 23 hours: the same time of day
        ("PT24H", "2025-03-29T12:00", "2025-03-30T13:00"),
        ("24 work hours", "2025-03-29T12:00", "2025-03-30T13:00"),
        ("P1D", "2025-10-25T12:00", "2025-10-26T12:00"),  # 25 hours
        ("24 work hours", "2025-10-25T12:00", "2025-10-26T11:00"),
        ("same day", "2025-03-30T01:00", "2025-03-31T00:00"),
        ("P1D", "2025-03-29T02:30", "2025-03-30T03:30"),  # 02:30 does not exist that day
    ],
)
def test_clock_changes_in_paris(text: str, start: str, ends: str) -> None:
    assert due(read_limit(text), at(start, PARIS), PARIS_OFFICE) == at(ends, PARIS).astimezone(UTC)


def test_days_around_a_clock_change_have_their_true_length() -> None:
    assert PARIS_OFFICE.work_time_between(at("2025-03-30T00:00", PARIS), at("2025-03-31T00:00", PARIS)) == hours(23)
    assert PARIS_OFFICE.work_time_between(at("2025-10-26T00:00", PARIS), at("2025-10-27T00:00", PARIS)) == hours(25)


def test_a_short_limit_in_the_doubled_hour_does_not_jump() -> None:
    second_pass = datetime(2025, 10, 26, 1, 30, tzinfo=UTC)  # 02:30 for the second time
    assert due(read_limit("PT10M"), second_pass, PARIS_OFFICE) == second_pass + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("start", "length", "ends"),
    [
        ("2025-06-02T23:00", 8, "2025-06-03T23:00"),  # seven hours left of Monday's night, one of Tuesday's
        ("2025-06-03T05:00", 1, "2025-06-03T06:00"),  # still Monday's night
        ("2025-06-07T03:00", 4, "2025-06-09T23:00"),  # Friday's night ends on Saturday at six
    ],
)
def test_shifts_over_midnight(start: str, length: float, ends: str) -> None:
    assert NIGHT_WATCH.add_work_time(at(start), hours(length)) == at(ends)
    assert NIGHT_WATCH.add_work_time(at(ends), hours(-length)) in (at(start), at(start).astimezone(UTC))


def test_the_end_of_a_night_shift_is_its_morning() -> None:
    assert NIGHT_WATCH.end_of_work_day(at("2025-06-03T03:00")) == at("2025-06-03T06:00")
    assert NIGHT_WATCH.end_of_work_day(at("2025-06-03T12:00")) == at("2025-06-04T06:00")


def test_overlapping_nights_are_counted_once() -> None:
    long_nights = Calendar(
        "long", SHANGHAI, {0: ((time(20), time(10)),), 1: ((time(8), time(9)), (time(9, 30), time(12)))}
    )
    assert long_nights.work_time_between(at("2025-06-02T00:00"), at("2025-06-04T00:00")) == hours(16)
    assert long_nights.add_work_time(at("2025-06-03T12:00"), hours(-16)) == at("2025-06-02T20:00")


def test_next_work_moment() -> None:
    assert CITY.next_work_moment(at("2025-09-30T10:00")) == at("2025-09-30T10:00")
    assert CITY.next_work_moment(at("2025-09-30T12:00")) == at("2025-09-30T14:00")
    assert CITY.next_work_moment(at("2025-09-30T17:30")) == at("2025-10-09T08:30")


def test_a_calendar_without_work_is_an_error_and_no_endless_search() -> None:
    idle = Calendar("idle", SHANGHAI, {})
    start = at("2025-06-02T09:00")
    for text in ("1 work hour", "1 work day", "end of work day", "next work day 9:00"):
        with pytest.raises(NoWorkTime, match="idle") as told:
            due(read_limit(text), start, idle)
        assert "十年" in told.value.zh
    with pytest.raises(NoWorkTime):
        idle.next_work_moment(start)
    with pytest.raises(NoWorkTime):
        CITY.add_work_time(start, timedelta(days=3650))
    assert idle.work_time_between(start, start + timedelta(days=3)) == hours(0)
    assert due(read_limit("当日"), start, idle) == at("2025-06-03T00:00")


def test_crooked_shifts_and_moments_without_zone_are_refused() -> None:
    for shifts in (((time(9), time(12)), (time(11), time(17))), ((time(22), time(6)), (time(23), time(23, 30)))):
        with pytest.raises(ValueError, match="overlap"):
            Calendar("crooked", SHANGHAI, {0: shifts})
    with pytest.raises(ValueError, match="zone"):
        CITY.add_work_time(datetime(2025, 6, 2, 9), hours(1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="forward"):
        CITY.add_work_days(at("2025-06-02T09:00"), -1)


def test_a_pause_keeps_the_working_time_that_remained() -> None:
    limit = read_limit("3 work days")
    ends = due(limit, at("2025-09-29T09:00"), CITY)
    left = remaining(limit, ends, at("2025-10-09T16:30"), CITY)  # one hour of the 9th and all of the 10th
    assert left.time == hours(8)
    assert resume(left, at("2025-10-13T08:30"), CITY) == at("2025-10-14T09:30")


def test_a_plain_limit_pauses_on_the_plain_clock() -> None:
    limit = read_limit("PT2H")
    left = remaining(limit, at("2025-09-30T18:30"), at("2025-09-30T17:30"), CITY)
    assert resume(left, at("2025-10-03T20:00"), CITY) == at("2025-10-03T21:00")


def test_an_overdue_clock_stays_overdue_after_a_pause() -> None:
    left = remaining(read_limit("2 work hours"), at("2025-09-30T10:00"), at("2025-09-30T11:00"), CITY)
    assert left.time == hours(-1)
    assert resume(left, at("2025-10-09T09:00"), CITY) == at("2025-09-30T17:00")
    assert remaining(read_limit("PT2H"), at("2025-09-30T10:00"), at("2025-09-30T11:00"), CITY).time == hours(-1)


def test_near_due_is_a_share_of_the_working_time() -> None:
    start = at("2025-09-29T08:30")
    assert share_of(start, at("2025-10-09T17:30"), 0.5, CITY) == at("2025-09-30T12:00")
    plain = share_of(at("2025-09-30T17:00"), at("2025-09-30T19:00"), 0.5, CITY, limit=read_limit("PT2H"))
    assert plain == at("2025-09-30T18:00")
    evening = share_of(at("2025-09-30T20:00"), at("2025-10-01T00:00"), 0.75, CITY)  # no working time in between
    assert evening == at("2025-09-30T23:00")


def test_always_counts_every_minute() -> None:
    assert due(read_limit("2 work hours"), at("2025-10-01T23:30"), ALWAYS) == at("2025-10-02T01:30")
    assert due(read_limit("1工作日"), at("2025-10-01T09:00"), ALWAYS) == at("2025-10-03T00:00")
    assert due(read_limit("下班前"), at("2025-10-01T09:00"), ALWAYS) == at("2025-10-02T00:00")


# hypothesis wants the bounds naive and adds the zone itself
MOMENTS = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001
    datetime(2026, 12, 31),  # noqa: DTZ001
    timezones=st.sampled_from([SHANGHAI, PARIS, UTC]),
)
LENGTHS = st.timedeltas(timedelta(0), timedelta(hours=400))
CALENDARS = st.sampled_from([CITY, NIGHT_WATCH, PARIS_OFFICE, ALWAYS])
LIMITS = st.sampled_from(["2小时", "3天", "1个月", "5 work hours", "4 work days", "当日", "下班前", "次日12:00"]).map(
    read_limit
)


@given(start=MOMENTS, length=LENGTHS, calendar=CALENDARS)
@settings(max_examples=150, deadline=None)
def test_time_added_is_the_time_between(start: datetime, length: timedelta, calendar: Calendar) -> None:
    end = calendar.add_work_time(start, length)
    assert end >= start
    assert calendar.work_time_between(start, end) == length
    back = calendar.add_work_time(end, -length)
    assert calendar.work_time_between(back, end) == length


@given(start=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=20)), calendar=CALENDARS, limit=LIMITS)
@settings(max_examples=150, deadline=None)
def test_who_starts_later_is_never_due_earlier(
    start: datetime, later: timedelta, calendar: Calendar, limit: Limit
) -> None:
    after = start.astimezone(UTC) + later
    assert due(limit, start, calendar) <= due(limit, after, calendar)


@given(start=MOMENTS, parts=st.tuples(LENGTHS, LENGTHS), calendar=CALENDARS)
@settings(max_examples=100, deadline=None)
def test_working_time_adds_up(start: datetime, parts: tuple[timedelta, timedelta], calendar: Calendar) -> None:
    start = start.astimezone(UTC)
    middle, end = start + parts[0], start + parts[0] + parts[1]
    between = calendar.work_time_between
    assert between(start, middle) + between(middle, end) == between(start, end) == -between(end, start)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("P1M", "P1M"),
        ("P14M", "P1Y2M"),
        ("PT26H", "P1DT2H"),
        ("P2W", "P14D"),
        ("-PT90S", "-PT1M30S"),
        ("PT0S", "PT0S"),
        ("PT1,5S", "PT1.5S"),
    ],
)
def test_durations_are_read_and_written(text: str, written: str) -> None:
    assert str(Duration.read(text)) == written
    assert Duration.read(written) == Duration.read(text)


def test_durations_add_by_the_calendar() -> None:
    assert at("2025-01-31T10:00") + Duration.read("P1M") == at("2025-02-28T10:00")
    assert at("2025-03-31T10:00") - Duration.read("P1M") == at("2025-02-28T10:00")
    assert at("2025-03-29T12:00", PARIS) + Duration.read("PT24H") == at("2025-03-30T13:00", PARIS)
    with pytest.raises(ValueError, match="not a duration"):
        Duration.read("bananas")
