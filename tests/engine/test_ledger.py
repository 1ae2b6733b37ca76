"""The ledger shows what an officer may see, by what was asked for, page by page without loss."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from engine.reads import ledger
from engine.reads.filters import Filters
from engine.words import facts as f
from engine.words.officers import Actor
from tests.told import AMINA, BRAM, CHEN, DORA, EMIL, MORNING, Statements, Told, office

FIRST = 2026_000_001
AT = MORNING + timedelta(hours=20)


@pytest.fixture
def session(url: str) -> Iterator[Session]:
    with office(url) as opened:
        told = [Told(opened, FIRST + n, at=MORNING + timedelta(hours=n)) for n in range(6)]
        told[0].raised(title="东街口垃圾未清")
        told[1].raised(title="河道100%漂浮物", category="水环境").dispatched(4)
        told[2].raised(title="工地扬尘", description="裸土未覆盖_第二标段", severity="minor").dispatched(3).reported()
        told[3].raised(title="井盖缺失", place="北路12号").dispatched(6)
        told[4].raised(title="路灯不亮").dispatched(3).reported().closed()
        told[5].raised(title="占道经营", source="热线").reminded().dispatched(3)
        told[5].act(AMINA, f.RoundOpened(2, "反弹"), f.LevelRaised(0, 3, "反弹起步橙色"))
        yield opened


def titles(session: Session, filters: Filters | None = None, *, actor: Actor = DORA) -> list[str]:
    page = ledger.page(session, filters or Filters(), actor=actor, at=AT)
    return [row.title for row in page.rows]


def test_each_officer_sees_own_unit_and_below_and_what_he_handles(session: Session) -> None:
    assert len(titles(session, actor=DORA)) == 6
    assert titles(session, actor=BRAM) == ["占道经营", "路灯不亮", "工地扬尘", "河道100%漂浮物"]
    assert titles(session, actor=EMIL) == ["井盖缺失"]
    assert titles(session, actor=CHEN) == ["路灯不亮", "工地扬尘"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(text="垃圾未清"), ["东街口垃圾未清"]),
        (Filters(text="裸土 扬尘"), ["工地扬尘"]),
        (Filters(text="裸土 井盖"), []),
        (Filters(text="北路"), ["井盖缺失"]),
        (Filters(text="2026-000004"), ["井盖缺失"]),
        (Filters(text="2026000004"), ["井盖缺失"]),
        (Filters(text="4"), ["井盖缺失"]),
        (Filters(text="100%"), ["河道100%漂浮物"]),
        (Filters(text="100_"), []),
        (Filters(text="覆盖_第"), ["工地扬尘"]),
        (Filters(stages=("filed",)), ["东街口垃圾未清"]),
        (Filters(stages=("closed", "filed")), ["路灯不亮", "东街口垃圾未清"]),
        (Filters(unit=3), ["占道经营", "路灯不亮", "工地扬尘", "河道100%漂浮物"]),
        (Filters(unit=4), ["河道100%漂浮物"]),
        (Filters(category="水环境"), ["河道100%漂浮物"]),
        (Filters(severity="minor"), ["工地扬尘"]),
        (Filters(source="热线"), ["占道经营"]),
        (Filters(level=3), ["占道经营"]),
        (Filters(again=True), ["占道经营"]),
        (Filters(process="told_loop", text="路灯"), ["路灯不亮"]),
        (Filters(process="another"), []),
        (Filters(since=date(2026, 11, 21)), []),
        (Filters(until=date(2026, 11, 19)), []),
        (Filters(since=date(2026, 11, 20), until=date(2026, 11, 20), text="路灯"), ["路灯不亮"]),
        (Filters(overdue=True), ["东街口垃圾未清"]),
    ],
)
def test_filters(session: Session, filters: Filters, found: list[str]) -> None:
    assert titles(session, filters) == found


@pytest.mark.parametrize("sort", ledger.SORTS)
@pytest.mark.parametrize("limit", [1, 2, 4])
def test_pages_follow_each_other_without_loss_or_repetition(session: Session, sort: str, limit: int) -> None:
    filters = Filters(sort=sort)
    whole = [row.id for row in ledger.page(session, filters, actor=DORA, at=AT).rows]
    read = [row.id for batch in ledger.every(session, filters, actor=DORA, at=AT, batch=limit) for row in batch]
    assert read == whole
    assert len(set(read)) == 6


def test_sorts(session: Session) -> None:
    due = ledger.page(session, Filters(sort="due"), actor=DORA, at=AT).rows
    assert due[0].title == "东街口垃圾未清"
    assert [row.due_at is None for row in due] == [False] * 4 + [True] * 2
    assert titles(session, Filters(sort="level"))[0] == "占道经营"


@pytest.mark.parametrize(
    "after", ["", "x", "~", "5~3", "~~", "2026-11-20~3", "9999~9999~9999", "2026-11-20T02:00:00~x"]
)
@pytest.mark.parametrize("sort", ledger.SORTS)
def test_a_key_that_somebody_typed_starts_at_the_first_page(session: Session, sort: str, after: str) -> None:
    assert ledger.page(session, Filters(sort=sort), actor=DORA, at=AT, after=after).rows


def test_counts_ignore_the_stage_asked_for_and_agree_with_the_rows(session: Session) -> None:
    counts = ledger.counts(session, Filters(stages=("closed",)), actor=DORA, at=AT)
    assert counts == {"filed": (1, 1), "dispatched": (3, 0), "verifying": (1, 0), "closed": (1, 0)}
    for stage, (number, _over) in counts.items():
        assert len(titles(session, Filters(stages=(stage,)))) == number
    assert sum(n for n, _ in ledger.counts(session, Filters(), actor=BRAM, at=AT).values()) == 4


def test_choices_hold_only_what_the_officer_sees_with_its_names(session: Session) -> None:
    mine = ledger.choices(session, actor=EMIL)
    assert [code for code, _ in mine.categories] == ["环境卫生"]
    assert [(code, term.en) for code, term in mine.severities] == [("major", "Major")]
    assert [(name.zh, depth) for _, name, depth in mine.units] == [("河西镇", 0)]
    all_units = ledger.choices(session, actor=DORA).units
    assert [(name.zh, depth) for _, name, depth in all_units][:4] == [
        ("市指挥部", 0),
        ("综合组", 1),
        ("城关镇", 1),
        ("东街社区", 2),
    ]


def test_a_row_knows_when_its_light_turns(session: Session) -> None:
    row = ledger.page(session, Filters(text="占道"), actor=DORA, at=AT).rows[0]
    assert row.due_at is not None
    filed = ledger.page(session, Filters(stages=("filed",)), actor=DORA, at=AT).rows[0]
    assert filed.due_at is not None
    assert filed.near_at == filed.due_at - timedelta(minutes=24)
    assert filed.severity.en == "Major"


def test_a_page_takes_the_same_number_of_statements_however_long_the_ledger(session: Session) -> None:
    ledger.page(session, Filters(), actor=BRAM, at=AT)
    with Statements(session) as few:
        ledger.page(session, Filters(), actor=BRAM, at=AT)
    for n in range(30):
        Told(session, FIRST + 100 + n, at=MORNING + timedelta(days=1, minutes=n)).raised().dispatched(3)
    with Statements(session) as many:
        page = ledger.page(session, Filters(), actor=BRAM, at=AT)
    assert len(page.rows) == 34
    assert len(many) == len(few) <= 3
