"""A case is told in sentences, in both languages, and an old case as quickly as a young one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from typing import get_args

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.reads import sentences, spoken, story
from engine.reads.sentences.kinds import KINDS, PARTS
from engine.words import facts as f
from models import Entry
from tests.told import AMINA, BRAM, CLOCK, Statements, Told, office


@pytest.fixture
def session(url: str) -> Iterator[Session]:
    with office(url) as opened:
        yield opened


@pytest.fixture
def told(session: Session) -> Told:
    return Told(session, 2026_000_012).raised().reminded().dispatched().reported(("a" * 64, "后1.jpg"))


def texts(sentence: story.Sentence) -> list[str]:
    return [line.zh for line in sentence.lines]


def test_every_fact_has_its_sentence() -> None:
    kinds = {kind.__name__ for kind in get_args(f.CaseFact) + get_args(f.OfficeFact) + get_args(f.PostFact)}
    assert set(sentences.TELLERS) == kinds


def test_an_officer_is_told_with_unit_and_deed(session: Session, told: Told) -> None:
    acts = story.of(session, told.id)
    assert [act.zh for act in acts] == [
        "综合组 登记员甲 提出并登记，按「问题小闭环」第 1 版办理",
        "系统时钟 到时：「2小时未派发」，督办等级升为「催办」",
        "综合组 登记员甲 将问题派发给 城关镇（整改时限 11月22日 24:00）",
        "城关镇 经办员乙 办结「整改」",
    ]
    assert [act.en for act in acts][1:3] == [
        "The clock reached “Not dispatched in 2 hours”: supervision level raised to Reminder",
        "Amina (Liaison group) dispatched the issue to Chengguan town (Rectification deadline: 22 Nov 24:00)",
    ]


def test_what_came_of_an_act_stands_below_it_and_the_machinery_is_folded(session: Session, told: Told) -> None:
    raised, reminded, dispatched, reported = story.of(session, told.id)
    assert "待办「派发」交 派遣员，11月20日 12:00 前办结" in texts(raised)
    assert reminded.why == "2小时内未派发"
    assert "出具催办单 催办〔2026〕1号，送 综合组" in texts(reminded)
    assert texts(dispatched) == ["待办「整改」交 城关镇 责任单位经办，11月22日 24:00 前办结"]
    assert "责任单位：城关镇" in [line.zh for line in dispatched.folded]
    assert "附整改后照片：后1.jpg" in texts(reported)
    assert "流程走过：派发 → 整改" in [line.zh for line in dispatched.folded]
    assert not any("流程走过" in text for text in texts(dispatched))


def test_fields_are_called_as_the_cases_own_diagram_calls_them(session: Session, told: Told) -> None:
    raised, _, dispatched, reported = story.of(session, told.id)
    changed = next(line for line in raised.folded if line.kind == "VariablesChanged")
    assert ("严重等级", "较重", "Major") in [(d.label.zh, d.after.zh, d.after.en) for d in changed.details if d.after]
    assert [(d.label.en, d.after.en) for d in dispatched.details if d.after] == [("Responsible unit", "Chengguan town")]
    assert reported.details[0].label.zh == "整改措施"


def test_a_change_shows_before_and_after(session: Session, told: Told) -> None:
    told.act(AMINA, f.VariablesChanged({"severity": "major"}, {"severity": "minor"}))
    change = story.of(session, told.id)[-1].details[0]
    assert change.before is not None
    assert change.after is not None
    assert (change.label.zh, change.before.zh, change.after.zh) == ("严重等级", "较重", "一般")


def test_a_late_task_and_a_lost_verification_are_marked(session: Session, told: Told) -> None:
    told.failed()
    told.act(BRAM, f.TaskCompleted(told.rectify_task, "rectify", {"measures": "清洗"}, late=True))
    lost, late = story.of(session, told.id)[-2:]
    assert lost.zh == "督查组 督查员丙 核查不通过，退回整改"
    assert lost.mood == "bad"
    assert late.zh == "城关镇 经办员乙 办结「整改」（已超期）"
    assert late.mood == "bad"


def test_an_act_without_a_change_of_stage_says_what_was_chosen(session: Session, told: Told) -> None:
    told.act(AMINA, f.TaskCompleted(told.verify_task, "verify", {"verdict": "pass"}))
    assert story.of(session, told.id)[-1].zh == "综合组 登记员甲 办结「核查」：通过"


def test_an_erased_body_is_said_to_be_erased(session: Session, told: Told) -> None:
    session.execute(update(Entry).where(Entry.book == told.id, Entry.kind == "DocumentIssued").values(body=None))
    assert "内容已按期限清除" in texts(story.of(session, told.id)[1])
    session.execute(update(Entry).where(Entry.book == told.id).values(body=None))
    assert {act.zh.split(" ", 2)[-1] for act in story.of(session, told.id) if act.who} == {"内容已按期限清除"}


def test_pages_join_without_loss_or_repetition(session: Session, told: Told) -> None:
    for number in range(40):
        told.act(
            AMINA if number % 2 else CLOCK, f.Counted("rework"), f.TokensMoved(["rectify"]), after=timedelta(hours=1)
        )
    whole = [act.seq for act in story.of(session, told.id)]
    read: list[int] = []
    before = None
    while True:
        page = story.newest(session, told.id, before=before, limit=17)
        read += [act.seq for act in page.sentences]
        before = page.earlier
        if before is None:
            break
    assert read == whole[::-1]


def test_an_act_larger_than_a_page_is_still_told(session: Session, told: Told) -> None:
    told.act(AMINA, *(f.Counted("rework") for _ in range(30)))
    page = story.newest(session, told.id, limit=10)
    assert len(page.sentences[0].lines) == 9
    assert page.earlier is not None
    assert len(story.newest(session, told.id, before=page.earlier, limit=10).sentences[0].lines) == 9


def test_an_act_larger_than_a_page_is_told_by_what_it_was(session: Session, told: Told) -> None:
    told.act(BRAM, f.TaskCompleted(told.verify_task, "verify", {}), *(f.Counted("rework") for _ in range(30)))
    (newest, *_) = story.newest(session, told.id, limit=10).sentences
    assert newest.zh == "城关镇 经办员乙 办结「核查」"


def test_an_old_case_opens_with_as_few_statements_as_a_young_one(session: Session, told: Told) -> None:
    with Statements(session) as young:
        story.newest(session, told.id)
    for _ in range(200):
        told.act(AMINA, *(f.Counted("rework") for _ in range(10)), after=timedelta(minutes=1))
    session.expire_all()
    with Statements(session) as old:
        page = story.newest(session, told.id)
    assert len(old) <= len(young) <= 5
    assert sum(1 + len(act.lines) + len(act.folded) for act in page.sentences) <= story.NEWEST


@pytest.mark.parametrize(
    ("limit", "zh", "en"),
    [
        ("PT2H", "2小时", "2 h"),
        ("P1D", "1天", "1 d"),
        ("same day", "当日", "same day"),
        ("next day 12:00", "次日12:00", "next day 12:00"),
        ("3工作日", "3个工作日", "3 work days"),
        ("2 work hours", "工作时间2小时", "2 h of work time"),
        ("下班前", "下班前", "end of work day"),
        ("P1M", "1个月", "1 months"),
        ("whenever", "whenever", "whenever"),
    ],
)
def test_limits_are_said_in_words(limit: str, zh: str, en: str) -> None:
    assert (spoken.limit(limit).zh, spoken.limit(limit).en) == (zh, en)


def test_what_only_confirms_the_issue_as_raised_is_not_told_again(session: Session, told: Told) -> None:
    told.act(AMINA, f.TaskCompleted(told.verify_task, "verify", {"severity": "major", "verdict": "pass"}))
    confirmed = story.of(session, told.id)[-1]
    assert [detail.label.zh for detail in confirmed.details] == ["核查结论"]


@pytest.mark.parametrize("kind", sorted(sentences.TELLERS))
def test_no_sentence_breaks_when_what_it_names_is_gone(kind: str, session: Session, told: Told) -> None:
    """A unit, officer or step that no diagram and no table knows any more is called by its number."""
    samples = {
        "int": 99, "str": "x", "float": -60.0, "bool": True, "Any": {"a": 1}, "datetime": "2026-11-20T02:00:00+00:00",
        "int | None": 99, "str | None": "x", "datetime | None": "2026-11-20T02:00:00+00:00", "list[str]": ["x"],
        "dict[str, Any]": {"x": "y"}, "dict[str, str]": {"x": "y"},
        "list[Wanted]": [{"role": "x", "unit": 99}], "list[Any]": [1, {"rule": "r"}],
        "list[dict[str, Any]]": [{"element": "x", "what": "name", "before": "a", "after": "b"}],
        "list[int]": [99], "dict[str, list[Any]]": {"1": [1, "h"]},
        "dict[str, list[Wanted]]": {"1-1": [{"role": "x", "unit": 99}]},
        "dict[str, list[str]]": {"2026-10-01": ["rest", "x"]},
    }  # fmt: skip
    fact = {**f.__dict__}[kind]
    body = {field.name: samples[str(field.type)] for field in fields(fact)}
    names = story.names_for(session, None, story.Mentioned())
    line = sentences.tell(kind, body, sentences.Voice(names, 2026))
    assert line.text.zh
    assert line.text.en


def test_auditors_have_a_word_for_every_kind_and_part_of_a_fact() -> None:
    kinds = get_args(f.CaseFact) + get_args(f.OfficeFact) + get_args(f.PostFact)
    assert set(KINDS) == {kind.__name__ for kind in kinds}
    assert set(PARTS) >= {field.name for kind in kinds for field in fields(kind)}
