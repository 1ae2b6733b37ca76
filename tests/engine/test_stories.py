"""The teller of stories itself: keeps the clock, fills in forms as the page does, tells what is not as expected."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import stories, story_checks, timers
from engine.acts.stories import Told
from engine.notation import ways
from engine.notation.diagram import Diagram
from engine.notation.diagram import read as read_diagram
from engine.notation.story_book import amount
from engine.words import facts as f
from engine.words.errors import NotPublishable, NotValid
from models import Case, Entry, Task
from tests.cast import Cast
from tests.conftest import files_of
from tests.walk import Walk

ERRAND = (Path(__file__).parent.parent / "fixtures" / "small_errand.bpmn").read_bytes()
HEAD = """
units: {town: {name: 镇}, desk: {name: 办公室, above: town}}
cast:
  asker: {unit: desk, roles: [raiser]}
  clerk: {unit: desk, roles: [unit_clerk]}
  watcher: {unit: town, roles: [inspector]}
stories:
  - id: errand
    zh: 办一件小事
    en: A small errand
    begins: 2026-03-02T09:00:00+08:00
    steps:
"""
RAISED = '{raise: {title: 路口, wanted_on: "+2d"}, by: asker}'
DONE = '{does: run, by: clerk, answers: {photos: [a.png], ended_at: "-10m"}}'


def tell(*steps: str) -> Told:
    book = stories.read(HEAD + "".join(f"      - {step}\n" for step in steps))
    return stories.run(ERRAND, {}, book, book.stories[0])


def failures(told: Told) -> list[tuple[int, str]]:
    return [(failure.step, failure.en) for failure in told.failures]


def test_a_story_that_goes_well_says_nothing() -> None:
    told = tell(
        RAISED,
        'expect: {stage: registered, round: 1, level: 0, outcome: null, tasks: [run], over: false}',
        "{button: hurry, by: watcher}",
        DONE,
        "expect: {tasks: [], over: true, documents: [], messages: [], counts: {rework: 0}}",
    )  # fmt: skip
    assert failures(told) == []
    assert told.went_well
    assert told.done == 5


def test_a_form_is_filled_in_as_the_page_would() -> None:
    told = tell(
        RAISED,
        'expect: {variables: {tone: plain, wanted_on: "+2d"}}',
        "expect: {variables: {wanted_on: 2026-03-04}}",
        '{at: "+30m", does: run, by: clerk, answers: {photos: [a.png, b.png], ended_at: "-10m"}}',
        'expect: {variables: {place: 路口处, ended_at: "-10m"}}',
        'expect: {variables: {ended_at: "2026-03-02T09:20:00+08:00"}}',
    )
    assert failures(told) == []


def test_what_is_due_happens_at_its_own_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    fired: list[str] = []
    wake = timers.wake_due

    def heard(sessions: sessionmaker[Session], *, at: datetime) -> int:
        fired.append(str(at))
        return wake(sessions, at=at)

    monkeypatch.setattr(timers, "wake_due", heard)
    told = tell(RAISED, '{clock: "+2h30m"}', "expect: {variables: {reminders: 2}}", '{clock: "+9d"}', DONE,
                "expect: {variables: {reminders: 3}}")  # fmt: skip
    assert failures(told) == []
    assert fired == [f"2026-03-02 0{hour}:00:00+00:00" for hour in (2, 3, 4)]


def test_every_expectation_that_fails_is_told_with_what_is() -> None:
    told = tell(
        RAISED,
        "expect: {stage: closed, round: 2, tasks: [], over: true, documents: [report], messages: [sent]}",
        'expect: {counts: {rework: 1}, variables: {tone: true, wanted_on: "+3d"}}',
        DONE,
    )
    assert told.done == 4
    assert failures(told) == [
        (2, 'stage should be "closed", but is "registered"'),
        (2, "round should be 2, but is 1"),
        (2, "over should be true, but is false"),
        (2, 'tasks should be [], but is ["run"]'),
        (2, 'documents should be ["report"], but is []'),
        (2, 'messages should be ["sent"], but is []'),
        (3, "counts.rework should be 1, but is 0"),
        (3, 'variables.tone should be true, but is "plain"'),
        (3, 'variables.wanted_on should be "+3d", but is {"$day": "2026-03-04"}'),
    ]


def test_what_must_be_refused_is_refused_and_its_reason_kept() -> None:
    told = tell(
        RAISED,
        "{button: hurry, by: clerk, refused: true}",
        "{does: run, by: clerk, answers: {photos: []}, refused: true}",
        "{does: run, by: watcher, answers: {photos: [a.png]}, refused: true}",
        "expect: {tasks: [run]}",
    )
    assert failures(told) == []
    assert [(refused.step, refused.en) for refused in told.refusals] == [
        (2, "This is not among the duties of your post."),
        (3, "“照片” needs at least one attachment."),
        (4, "This task is not among the duties of your post."),
    ]


def test_what_should_have_been_refused_and_was_not_is_undone() -> None:
    told = tell(RAISED, DONE.replace("}}", "}, refused: true}"), "expect: {tasks: [run], over: false}", DONE)
    assert failures(told) == [(2, "It should have been refused, but was done")]
    assert told.done == 4


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("{does: run, by: clerk}", "clerk was refused: “照片” needs at least one attachment."),
        ("{button: hurry, by: clerk}", "clerk was refused: This is not among the duties of your post."),
    ],
)
def test_a_story_stops_at_an_act_that_cannot_be_done(step: str, sentence: str) -> None:
    told = tell(RAISED, step, DONE)
    assert failures(told) == [(2, sentence)]
    assert told.done == 1


def test_nobody_does_a_task_that_does_not_wait() -> None:
    told = tell(RAISED, DONE, DONE.replace("}}", "}, refused: true}"))
    assert failures(told) == [(3, "No task run waits; there are: —")]


def test_names_that_the_diagram_does_not_know_are_told_before_anything_is_played() -> None:
    told = tell(
        "{raise: {titel: 路口}, by: asker}",
        "{does: rnu, by: clerk, refused: true}",
        "{arrives: huray}",
        "{button: hury, by: watcher, refused: true}",
        "{does: run, by: clerk, answers: {photo: [a.png]}, refused: true}",
        "expect: {tasks: [walk]}",
    )
    assert failures(told) == [
        (1, "The form of ask has no field titel"),
        (2, "The process has no task rnu"),
        (3, "The process receives no message huray"),
        (4, "The process has no button hury; there are: hurry"),
        (5, "The form of run has no field photo"),
        (6, "The process has no task walk"),
    ]
    assert told.done == 0


def test_a_message_of_another_process_arrives_at_whoever_waits() -> None:
    told = tell(RAISED, '{at: "+1h", arrives: hurry, payload: {hurried_by: "+1d", why: [rain]}}',
                'expect: {variables: {hurried_by: "+1d", why: [rain]}}', DONE, "{arrives: hurry}")  # fmt: skip
    assert failures(told) == [(5, "No case waits for the message hurry now, and none begins with it")]
    assert told.done == 4


def test_one_story_leaves_nothing_to_the_next() -> None:
    tell(RAISED)
    assert failures(tell(RAISED, "expect: {tasks: [run], variables: {reminders: null}}")) == []


def test_a_process_that_breaks_the_laws_is_not_played() -> None:
    book = stories.read(HEAD + f"      - {RAISED}\n")
    with pytest.raises(NotPublishable):
        stories.run(ERRAND.replace(b"R3/PT1H", b"every now and then"), {}, book, book.stories[0])


def test_the_laws_are_looked_at_in_the_end(issue_loop: Cast, sessions: sessionmaker[Session]) -> None:
    walk = Walk(sessions, issue_loop)
    walk.raise_issue()
    with sessions() as session, session.begin():
        assert list(story_checks.broken_laws(session)) == []
        entry = select(Entry.id).where(Entry.book == walk.case, Entry.kind == "StageChanged").limit(1)
        id = session.scalar(entry) or session.scalar(select(Entry.id).where(Entry.book == walk.case))
        session.execute(update(Entry).where(Entry.id == id).values(salt="changed"))
        session.execute(update(Task).values(name="改过"))
        session.execute(update(Case).values(ended_at=walk.at))
        told = " ".join(en for _, en in story_checks.broken_laws(session))
    assert f"The chain of {walk.case} breaks" in told
    assert "Replay differs: tasks" in told
    assert "leaves 1 tasks behind" in told


# --- reading ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "at", "sentence"),
    [
        ("{clock: 3h}", "errand:2", "Story “errand”, step 2: clock is “+20m”, “+3h”, “+5d”, not “3h”"),
        ("{clock: '-3h'}", "errand:2", "Story “errand”, step 2: clock is “+20m”, “+3h”, “+5d”, not “-3h”"),
        ("{does: run, by: nobody}", "errand:2", "Story “errand”, step 2: the cast has no “nobody”"),
        ("{does: run, by: clerk, who: clerk}", "errand:2", "Story “errand”, step 2: does has no entry “who”"),
        ("{does: run, by: clerk, for: sea}", "errand:2", "Story “errand”, step 2: for: there is no unit “sea”"),
        ("{does: run, button: b, by: clerk}", "errand:2",
         "Story “errand”, step 2: a step is one of raise, does, button, arrives, worker, case, clock, expect"),
        ("expect: {stages: closed}", "errand:2", "Story “errand”, step 2: expect has no entry “stages”"),
        ("expect: {level: true}", "errand:2", "Story “errand”, step 2: level in expect cannot be “True”"),
        ("{does: run, by: clerk, answers: {photos: [[a]]}}", "errand:2",
         "Story “errand”, step 2: the answer “photos” is one value or a list of them"),
        ("{does: run, by: clerk, by: watcher}", "", "Line 14: “by” stands there twice"),
        ("{does: run, by: clerk", "", "Line 15: not valid YAML (expected ',' or '}', but got '<stream end>')"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_book_is_a_sentence(step: str, at: str, sentence: str) -> None:
    with pytest.raises(NotValid) as refused:
        stories.read(HEAD + f"      - {RAISED}\n      - {step}\n")
    assert [(fault.field, fault.en) for fault in refused.value.faults] == [(at, sentence)]


@pytest.mark.parametrize(
    ("book", "sentence"),
    [
        ("", "A book of stories has units, cast and stories"),
        (HEAD.replace("roles: [raiser]", "roles: [king]") + f"      - {RAISED}\n",
         "asker of the cast: there is no role king"),
        (HEAD.replace("above: town", "above: sea") + f"      - {RAISED}\n", "The unit desk lies below sea, not there"),
        (HEAD.replace("2026-03-02T09:00:00+08:00", "soon") + f"      - {RAISED}\n",
         "Story “errand”: begins is a moment, such as 2026-03-02T09:00:00+08:00"),
        (HEAD + "      - {does: run, by: clerk}\n", "Story “errand”: the first step is a raise, arrives or clock"),
        ("[" * 1000, "Nested too deeply"),
        ("&a [*a]", "It holds too much, or refers to itself"),
        ("!!python/name:os.system {}", "Line 1: not valid YAML"),
        ("begins: 2026-99-99", "Not valid YAML (month must be in 1..12)"),
    ],
)  # fmt: skip
def test_a_book_that_is_none_is_refused_in_a_sentence(book: str, sentence: str) -> None:
    with pytest.raises(NotValid) as refused:
        stories.read(book)
    assert any(fault.en.startswith(sentence) for fault in refused.value.faults)


def test_amounts_of_time() -> None:
    assert str(amount("+1d12h5m")) == "1 day, 12:05:00"
    assert str(amount("-10m")) == "-1 day, 23:50:00"
    assert [amount(text) for text in ("5d", "+", "+5", "+1w", "", None, 5)] == [None] * 7


# --- which ways were taken --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def errand() -> Diagram:
    return read_diagram(ERRAND)


def test_ways_that_cannot_be_told_apart_are_not_guessed() -> None:
    told = tell(RAISED, DONE)
    assert told.ways.flows == {"ask_to_run", "run_to_fork", "meet_to_done"}
    assert told.ways.unsure == {"to_left", "to_right"}
    covered = stories.coverage(ERRAND, [told])
    assert covered.elements_missed == ["remind", "count", "told", "hurry", "hurried"]
    assert covered.flows_unsure == ["to_left", "to_right"]
    assert (covered.elements, covered.flows) == (50.0, 37.5)
    assert stories.coverage(ERRAND, [told, tell(RAISED, "{button: hurry, by: watcher}")]).elements_missed == [
        "remind", "count", "told",
    ]  # fmt: skip


def test_a_token_leaves_an_inclusive_gateway_by_the_only_way_that_is_left() -> None:
    """The default way leads to a join, where nobody is told of the first that comes."""
    round = read_diagram(files_of("inspection")[0])

    def taken(*passed: str) -> ways.Ways:
        return ways.taken(round, [f.TaskCompleted("1-1", "end_round", {}), f.TokensMoved(["to_publish", *passed])])

    neither, both = taken("sent"), taken("round_ended", "accountability_suggested", "sent")
    assert "to_publish_to_sent" in neither.flows
    assert "to_publish_to_sent" not in both.flows
    assert {"to_publish_to_round_ended", "to_publish_to_accountability_suggested"} <= both.flows


def test_a_task_that_nobody_completed_was_only_reached(errand: Diagram) -> None:
    opened: list[f.Fact] = [f.CaseOpened("small_errand", 1, 1, None), f.TokensMoved(["ask", "run"])]
    taken = ways.taken(errand, opened)
    assert sorted(taken.elements) == ["ask"]
    assert sorted(taken.reached) == ["run"]
    assert sorted(taken.flows) == ["ask_to_run"]
    taken |= ways.taken(errand, [*opened, f.TaskCompleted("1-1", "run", {})])
    assert sorted(taken.elements) == ["ask", "run"]
    assert sorted(taken.reached) == []


def test_a_way_between_two_joined_branches_follows_from_the_rest() -> None:

    loop = read_diagram(files_of("issue_loop")[0])
    straight = ["close", "closing_form", "reply_letter", "from_elsewhere", "origin_join", "recheck_due"]
    straight += ["repeat_rule", "count_alike", "is_systemic"]

    def closed(*passed: str) -> ways.Ways:
        told: list[f.Fact] = [
            f.TaskCompleted("1-9", "close_off", {}),
            f.TokensMoved([*straight, *passed, "systemic_join"]),
            f.TimerSet("1-10", "window_over", "t", None),
            f.WaitOpened("1-11", "reopen", "t", "reopen", "", "", "", []),
        ]
        return ways.taken(loop, told)

    plain = closed()
    assert {"systemic_no", "systemic_join_to_relapse_window"} <= plain.flows
    assert "systemic_yes" not in plain.flows | plain.unsure
    flagged = closed("systemic_flagged")
    assert {"systemic_yes", "systemic_flagged_to_systemic_join"} <= flagged.flows
    assert "systemic_no" not in flagged.flows | flagged.unsure
