"""What a message brings is told in words: those of whoever awaits it, else of who sent it, never a bare code."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session, sessionmaker

from engine.acts import cases, definitions
from engine.reads import enclosed
from engine.words.officers import CLOCK
from tests.cast import MORNING, Cast
from tests.conftest import files_of

ASKED = {"title": "卡口无人值守", "reason": "dispatch_overdue", "unit": "HARBOUR", "level": 0, "case": "2026-000001"}
FINDING = {
    "title": "卡口无人值守", "description": "夜间无人。", "category": "checkpoint", "place": "东门",
    "found_at": MORNING.date(), "source": "inspection", "source_level": "city", "severity": "minor",
    "source_paragraph": "夜间无人。",
}  # fmt: skip
REASONS = {
    "red": "升到红色督办", "false_rectification": "虚假整改", "order_ignored": "督办令逾期未落实",
    "信息报送不及时": "信息报送不及时",  # what somebody wrote stays as it is
}  # fmt: skip


def words(session: Session, message: str, values: dict[str, object], case: int | None) -> dict[str, tuple[str, str]]:
    return {name.zh: (value.zh, value.en) for name, value in enclosed.said(session, message, values, case)}


def publish(session: Session, process: str) -> None:
    definitions.publish(session, *files_of(process), note="", by=CLOCK, at=MORNING)


def test_whoever_awaits_it_names_what_it_brings(cast: Cast, sessions: sessionmaker[Session]) -> None:
    with sessions() as session, session.begin():
        publish(session, "escalation")
        publish(session, "accountability")
        told = words(session, "escalation_asked", ASKED, None)
        assert told["提请理由"] == ("派发超时", "Dispatched late")
        assert told["责任单位"][0] == "港口街道"
        for code, zh in (
            ("red", "升到红色督办"),
            ("false_rectification", "虚假整改"),
            ("order_ignored", "督办令逾期未落实"),
        ):
            assert words(session, "accountability_suggested", {"reason": code}, None)["事由"][0] == zh
        # Words that somebody wrote stay as they are.
        assert (
            words(session, "accountability_suggested", {"reason": "信息报送不及时"}, None)["事由"][0]
            == "信息报送不及时"
        )


def test_where_nobody_awaits_it_the_sender_does(cast: Cast, sessions: sessionmaker[Session]) -> None:
    with sessions() as session, session.begin():
        publish(session, "issue_loop")
        by = cast.actor(session, "expert", MORNING)
        case = cases.open(session, "issue_loop", FINDING, by=by, at=MORNING + timedelta(minutes=1))
        told = words(session, "escalation_asked", ASKED, case)
        assert told["理由"] == ("超过派发时限未派发", "Not dispatched in time")
        for code, zh in (("red", "升到红色督办"), ("false_rectification", "虚假整改")):
            assert words(session, "accountability_suggested", {"reason": code}, case)["理由"][0] == zh


def test_a_program_is_not_put_words_into_its_mouth(cast: Cast, sessions: sessionmaker[Session]) -> None:
    with sessions() as session, session.begin():
        assert words(session, "gauge_read", {"level": 5}, None) == {"level": ("5", "5")}
