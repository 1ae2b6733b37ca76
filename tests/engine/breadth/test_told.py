"""A story in which a transaction is cancelled and undone, and officers choose what comes next; and how it is told."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import cases, definitions, messages, stories, tasks
from engine.acts.stories import Told
from engine.notation.checks import check
from engine.reads import case_page, course, story
from models import Subscription, Task
from tests.cast import MORNING, Cast

ERRAND = (Path(__file__).parents[2] / "fixtures" / "undone_errand.bpmn").read_bytes()
HEAD = """
units: {town: {name: 镇}, desk: {name: 办公室, above: town}}
cast:
  asker: {unit: desk, roles: [raiser]}
  clerk: {unit: desk, roles: [unit_clerk]}
stories:
  - id: errand
    zh: 一次撤销的移交
    en: A handover that is undone
    begins: 2026-03-02T09:00:00+08:00
    steps:
"""


def tell(*steps: str) -> Told:
    book = stories.read(HEAD + "".join(f"      - {step}\n" for step in steps))
    return stories.run(ERRAND, {}, book, book.stories[0])


def failures(told: Told) -> list[tuple[int, str]]:
    return [(failure.step, failure.en) for failure in told.failures]


def test_the_diagram_keeps_every_law() -> None:
    assert [f for f in check(ERRAND, {}) if f.severity == "error"] == []


def test_a_story_tells_of_a_cancelled_transaction_and_of_steps_chosen() -> None:
    told = tell(
        "{raise: {title: 路口}, by: asker}",
        "{does: block, by: clerk}",
        "{does: agree, by: clerk, answers: {agreed: false}}",
        "expect: {tasks: [unblock], over: false}",
        "{does: unblock, by: clerk}",
        "expect: {tasks: [], over: false}",
        "{button: talk, by: clerk}",
        "expect: {tasks: [talk]}",
        "{does: talk, by: clerk}",
        "{button: visit, by: clerk}",
        "{does: visit, by: clerk}",
        "expect: {tasks: [], over: true}",
    )
    assert failures(told) == []


def test_a_story_tells_of_a_transaction_that_ends_well() -> None:
    told = tell(
        "{raise: {title: 路口}, by: asker}",
        "{does: block, by: clerk}",
        "{does: agree, by: clerk, answers: {agreed: true}}",
        "{button: visit, by: clerk}",
        "{does: visit, by: clerk}",
        "{button: talk, by: clerk}",
        "{does: talk, by: clerk}",
        "expect: {over: true}",
    )
    assert failures(told) == []


def test_the_page_of_a_case_shows_what_was_undone_and_chosen(sessions: sessionmaker[Session], cast: Cast) -> None:
    at = MORNING
    with sessions() as session, session.begin():
        definitions.publish(session, ERRAND, {}, note="", by=cast.actor(session, "designer"), at=at)
    with sessions() as session, session.begin():
        case = cases.open(session, "loop", {"title": "路口"}, by=cast.actor(session, "expert"), at=at)
    answers: dict[str, dict[str, object]] = {"block": {}, "agree": {"agreed": False}, "unblock": {}}
    for element, given in answers.items():
        with sessions() as session, session.begin():
            task = session.scalars(select(Task).where(Task.element == element, Task.done_at.is_(None))).one()
            tasks.complete(session, task.id, given, by=cast.actor(session, "clerk"), at=at)
    with sessions() as session, session.begin():
        wait = session.scalars(select(Subscription).where(Subscription.element == "talk")).one()
        assert (wait.button, wait.button_en) == ("约谈", "Talk")
        messages.press(session, wait.id, {}, by=cast.actor(session, "clerk"), at=at)
    with sessions() as session:
        head = case_page.find(session, case, actor=cast.actor(session, "auditor"))
        tokens, passed, undone = course.position(session, head)
        assert (tokens, undone) == (["talk"], ["block"])
        assert {"handover", "unblock", "off"} <= set(passed)
        told = [part for one in story.of(session, case) for part in (one, *one.lines, *one.folded)]
    assert any("撤销已办完的「封停」：转入「解封」" in part.zh for part in told)
    assert any("事务「移交」取消" in part.zh and "“Hand over” cancelled" in part.en for part in told)
    assert any("选定下一步「约谈」" in part.zh for part in told)
