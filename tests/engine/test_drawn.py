"""What a case did keeps the names it had then, however its steps are called in the version it runs by now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions, moves
from engine.notation.moving import Wishes
from engine.reads import case_page, course, full_rows, journal_pages, story
from engine.reads.names import ZONE
from engine.words.officers import CLOCK
from models import Case, Move
from tests.cast import Cast
from tests.conftest import files_of
from tests.processes.changed_loop import changed
from tests.walk import Walk


@pytest.fixture
def walk(issue_loop: Cast, sessions: sessionmaker[Session]) -> Walk:
    """Asked to be withdrawn, which was refused, then dispatched; and from here on another version."""
    walk = Walk(sessions, issue_loop)
    walk.to("dispatch")
    walk.do("dispatch", dispatch_decision="void", void_reason="重复派发的同一问题，已在其他事项办理")
    walk.do("approve_withdrawal", by="leader", void_decision="refuse", void_opinion="并非重复")
    walk.do("dispatch")
    assert walk.waiting == ["sign"]
    content, tables = files_of("issue_loop")
    newer = changed(content).replace('name="派发"'.encode(), 'name="交办下达"'.encode())
    newer = newer.replace('name="作废审批"'.encode(), 'name="撤件审批"'.encode())
    with sessions() as session, session.begin():
        definitions.publish(session, newer, tables, note="改了名称", by=CLOCK, at=walk.at)
    return walk


def moved(walk: Walk) -> int:
    walk.at += timedelta(minutes=1)
    with walk.sessions() as session, session.begin():
        by = walk.cast.actor(session, "designer", walk.at)
        wishes = Wishes({"approve_withdrawal": "approve_cancelling"})
        move = moves.order(session, "issue_loop", 2, wishes, by=by, at=walk.at, reason="名称更清楚").id
    while moves.go_on(walk.sessions, at=walk.at):
        pass
    with walk.sessions() as session:
        assert session.get_one(Case, walk.case).version_id == session.get_one(Move, move).to_version_id
    return move


def told(session: Session, walk: Walk) -> list[str]:
    """Every sentence, those that came of an act and those behind it as well."""
    lines: list[str] = []
    for act in story.of(session, walk.case):
        lines += [act.zh, *(line.zh for line in (*act.lines, *act.folded))]
    return lines


def journal(session: Session, walk: Walk) -> list[str]:
    number = f"{walk.case // 1_000_000}-{walk.case % 1_000_000:06d}"
    return [record.line.text.zh for record in journal_pages.every(session, journal_pages.Sieve(book=number))]


def test_story_and_journal_speak_of_steps_as_they_were_called_then(walk: Walk) -> None:
    with walk.sessions() as session:
        before, kept = told(session, walk), journal(session, walk)
    assert any("作废审批" in line for line in before)
    assert any("派发" in line for line in before)
    move = moved(walk)
    with walk.sessions() as session:
        after, kept_after = told(session, walk), journal(session, walk)
        assert after[: len(before)] == before
        assert kept_after[: len(kept)] == kept
        assert "从第 1 版迁到第 2 版" in "".join(after)
    with walk.sessions() as session, session.begin():
        moves.take_back(session, move, reason="撤回", by=walk.cast.actor(session, "designer", walk.at), at=walk.at)
    walk.at += timedelta(minutes=1)
    while moves.go_on(walk.sessions, at=walk.at):
        pass
    with walk.sessions() as session:
        back = told(session, walk)
        assert back[: len(after)] == after
        assert "退回第 1 版" in "".join(back)


def test_the_way_is_drawn_on_the_new_picture_under_the_new_ids(walk: Walk) -> None:
    with walk.sessions() as session:
        head = case_page.find(session, walk.case, actor=walk.cast.actor(session, "admin", walk.at))
        _tokens, passed, _undone = course.position(session, head)
        assert "approve_withdrawal" in passed
    moved(walk)
    with walk.sessions() as session:
        head = case_page.find(session, walk.case, actor=walk.cast.actor(session, "admin", walk.at))
        tokens, passed, _undone = course.position(session, head)
        assert "sign" in tokens
        assert "approve_cancelling" in passed
        assert "approve_withdrawal" not in passed
        stops = {stop.element: stop.name.zh for stop in course.steps(session, head)}
        assert stops["approve_cancelling"] == "作废审批"  # as it was called when it was done
        assert "approve_withdrawal" not in stops
        assert {stop.element for stop in course.steps(session, head)} <= head.diagram.elements.keys()


def test_exports_find_the_steps_that_a_clock_watches(walk: Walk) -> None:
    moved(walk)
    with walk.sessions() as session:
        (row,) = full_rows.full(session, [walk.case], at=walk.at, zone=ZONE)
        steps = ["register", "file_issue", "dispatch", "approve_cancelling", "dispatch"]
        assert [step.element for step in row.steps] == steps


def test_what_only_another_version_s_form_asked_keeps_its_label(walk: Walk) -> None:
    walk.to("review")
    walk.do("review", review_basis="第三条")
    walk.at += timedelta(minutes=1)
    with walk.sessions() as session, session.begin():
        by = walk.cast.actor(session, "designer", walk.at)
        moves.order(session, "issue_loop", 1, Wishes(), by=by, at=walk.at, number=2, reason="回到第一版")
    while moves.go_on(walk.sessions, at=walk.at):
        pass
    with walk.sessions() as session:
        assert session.get_one(Case, walk.case).version_id == 1
        head = case_page.find(session, walk.case, actor=walk.cast.actor(session, "admin", walk.at))
        shown = {field.id: field.label.zh for field in case_page.fields(session, head)}
        assert shown["review_basis"] == "审核依据"
