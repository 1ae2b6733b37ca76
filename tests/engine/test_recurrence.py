"""What comes again keeps its beat: month ends, clock changes, working days, late workers, cron lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.notation.timings import next_firings
from engine.words.calendar import due, read_limit
from engine.words.recurrence import CycleNotReadable, comes_next, firings, read_cycle
from engine.words.worktime import ALWAYS, Calendar, NoWorkTime, always

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = always(ZoneInfo("America/New_York"))
OFFICE = ((time(8, 30), time(12)), (time(14), time(17, 30)))
CITY = Calendar("city", SHANGHAI, dict.fromkeys(range(5), OFFICE), {date(2026, 10, day): "rest" for day in range(1, 9)})


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=zone)


def shown(text: str, since: datetime, calendar: Calendar, count: int) -> list[str]:
    found = islice(firings(read_cycle(text), since=since, calendar=calendar), count)
    return [f"{moment.astimezone(calendar.zone):%Y-%m-%d %H:%M}" for moment in found]


def test_the_last_day_of_january_comes_again_on_the_last_day_of_every_month() -> None:
    months = shown("R/P1M", local(2027, 1, 31, 9), ALWAYS, 5)
    assert months == [
        "2027-02-28 09:00",
        "2027-03-31 09:00",
        "2027-04-30 09:00",
        "2027-05-31 09:00",
        "2027-06-30 09:00",
    ]


def test_a_leap_day_comes_again_each_year() -> None:
    assert shown("R/P1Y", local(2028, 2, 29, 8), ALWAYS, 4)[-1] == "2032-02-29 08:00"


def test_a_cycle_with_a_beginning_fires_at_it_and_so_many_times() -> None:
    told = "R3/2026-03-30T10:00:00+08:00/P1D"
    assert shown(told, local(2026, 3, 1), ALWAYS, 9) == ["2026-03-30 10:00", "2026-03-31 10:00", "2026-04-01 10:00"]


def test_a_beginning_without_a_zone_is_on_the_wall_of_the_calendar() -> None:
    assert shown("R/2026-03-30T10:00/P1W", local(2026, 4, 1), CITY, 2) == ["2026-04-06 10:00", "2026-04-13 10:00"]


def test_nothing_fires_after_the_end() -> None:
    assert shown("R/P1D/2026-05-03T00:00", local(2026, 5, 1, 0), CITY, 9) == ["2026-05-02 00:00", "2026-05-03 00:00"]


@pytest.mark.parametrize("text", ["R/P1D", "0 9 * * *", "0 0 9 * * ?"])
def test_nine_o_clock_stays_nine_o_clock_when_the_clocks_change(text: str) -> None:
    berlin = always(BERLIN)
    before = local(2026, 10, 23, 9, zone=BERLIN)
    assert shown(text, before, berlin, 3) == ["2026-10-24 09:00", "2026-10-25 09:00", "2026-10-26 09:00"]


def test_hours_are_hours_when_the_clocks_change() -> None:
    start = local(2026, 10, 25, 0, zone=BERLIN)
    moments = [start, *islice(firings(read_cycle("R/PT1H"), since=start, calendar=always(BERLIN)), 5)]
    assert {later - earlier for earlier, later in pairwise(moments)} == {timedelta(hours=1)}


def test_cron_in_the_hour_that_spring_skips_fires_once_just_after() -> None:
    start = datetime(2026, 3, 7, 12, tzinfo=UTC)
    assert shown("30 2 * * *", start, NEW_YORK, 2) == ["2026-03-08 03:00", "2026-03-09 02:30"]


def test_cron_in_the_hour_that_autumn_repeats_fires_once() -> None:
    start = datetime(2026, 10, 31, 12, tzinfo=UTC)
    assert shown("30 1 * * *", start, NEW_YORK, 2) == ["2026-11-01 01:30", "2026-11-02 01:30"]


def test_every_working_day_at_nine_minds_holidays() -> None:
    found = shown("R/次工作日 9:00", local(2026, 9, 30, 10), CITY, 2)
    assert found == ["2026-10-09 09:00", "2026-10-12 09:00"]


def test_working_hours_run_on_from_the_last_firing() -> None:
    assert shown("R/3 work hours", local(2026, 9, 29, 9), CITY, 3) == [
        "2026-09-29 12:00", "2026-09-29 17:00", "2026-09-30 11:00",
    ]  # fmt: skip


def test_the_end_of_every_working_day() -> None:
    assert shown("R/下班前", local(2026, 9, 29, 9), CITY, 3) == [
        "2026-09-29 17:30",
        "2026-09-30 17:30",
        "2026-10-09 17:30",
    ]


def test_a_late_worker_does_not_push_the_beat_along() -> None:
    start = local(2026, 1, 1)
    late = start + timedelta(days=3, hours=5)
    after = comes_next(read_cycle("R/P1D"), anchor=start, after=late, calendar=ALWAYS)
    assert after == start + timedelta(days=4)


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("0 9 * * MON-FRI", "2026-05-04 09:00"),
        ("0 0 8 1,15 * ?", "2026-05-15 08:00"),
        ("*/20 8-9 * * *", "2026-05-02 08:00"),
        ("0 12 L * *", "2026-05-31 12:00"),
        ("@daily", "2026-05-03 00:00"),
        ("0 9 * * 7", "2026-05-03 09:00"),
    ],
)
def test_cron(line: str, first: str) -> None:
    assert shown(line, local(2026, 5, 2, 0, 0), ALWAYS, 1) == [first]


@pytest.mark.parametrize(
    "text",
    ["", "R", "R/", "R0/P1D", "R-1/P1D", "R/P", "R/often", "R/P0D", "R/P1D/P1D/P1D", "R/2026-13-01/P1D", "1 2 3",
     "60 * * * *", "* * * * * * *", "0 0 31 2 *", "every day", "R/P99999D", "a b c d e", "R3/" + "P1D" * 90],
)  # fmt: skip
def test_what_is_no_cycle_is_said_in_both_languages(text: str) -> None:
    with pytest.raises(CycleNotReadable) as told:
        read_cycle(text)
    assert "看不懂周期" in told.value.zh
    assert "is no cycle" in told.value.en


def test_a_calendar_that_never_works_is_said() -> None:
    with pytest.raises(NoWorkTime):
        shown("R/1 work hour", local(2026, 1, 1), Calendar("never", SHANGHAI, {}), 1)


@given(
    st.integers(0, 30), st.integers(0, 40), st.integers(0, 90_000), st.integers(0, 400), st.integers(0, 10**5),
    st.sampled_from([ALWAYS, NEW_YORK, always(BERLIN)]),
)  # fmt: skip
def test_the_next_firing_is_the_first_beat_after(
    months: int, days: int, seconds: int, beats: int, more: int, zone: Calendar
) -> None:
    assume(months or days or seconds)
    start = datetime(2026, 1, 31, 1, 30, tzinfo=UTC)
    step = read_limit("PT1S")
    counted = (
        due(replace(step, months=months * k, days=days * k, time=timedelta(seconds=seconds * k)), start, zone)
        for k in count(1)
    )
    after = start + timedelta(seconds=more) + beats * timedelta(days=28 * months + days * 0.9, seconds=seconds)
    found = comes_next(read_cycle(f"R/P{months}M{days}DT{seconds}S"), anchor=start, after=after, calendar=zone)
    assert found == next(moment for moment in counted if moment > after)


def test_the_next_three_firings_of_any_literal_timer() -> None:
    at = local(2026, 5, 2, 8)
    assert next_firings("2026-05-01T00:00:00Z", at=at, calendar=CITY) == [at]
    assert next_firings("PT2H", at=at, calendar=CITY) == [at + timedelta(hours=2)]
    assert len(next_firings("R/P1D", at=at, calendar=CITY)) == 3
    assert len(next_firings("R2/P1D", at=at, calendar=CITY)) == 2
