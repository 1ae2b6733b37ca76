"""Whatever passes from one group to another and must be answered is a slip: with a due time, and answers that come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from sqlalchemy.orm import Session

from engine.acts.slips import Answerer, answered
from engine.notation import diagram
from engine.notation.diagram import Element
from engine.notation.neighbours import is_awaiting, is_sender
from engine.words import facts as f
from models import OutgoingMessage
from tests.conftest import PROCESSES
from tests.told import AMINA, Told, office

DRAWN = {file.parent.name: diagram.read(file.read_bytes()) for file in sorted(PROCESSES.glob("*/*.bpmn"))}
# Answers to a hand-over, and what only tells: the case that begins with it, or goes on with it, is the receipt.
TOLD = {
    "appeal_decided", "escalation_answered", "issue_closed", "medical_accepted", "medical_returned", "medical_result",
    "screening_accepted", "screening_ended", "transfer_ended", "relapse",
    "accountability_suggested", "dispatch_decided", "recheck_due", "round_ended", "systemic_flagged", "typical_case",
    "urge_asked",
}  # fmt: skip


def thrown() -> Iterator[tuple[str, Element]]:
    for process, drawn in DRAWN.items():
        for element in drawn.elements.values():
            if is_sender(element):
                yield process, element


def names(element: Element, part: str) -> list[str]:
    return [name.strip() for name in element.property(part).split(",") if name.strip()]


def test_every_message_is_a_slip_or_only_tells() -> None:
    without = {(process, element.id) for process, element in thrown() if not element.property("slip")}
    assert {(process, id) for process, id in without if DRAWN[process].element(id).trigger.name not in TOLD} == set()
    assert {element.trigger.name for _, element in thrown()} >= TOLD


def test_every_slip_has_its_due_time_from_a_table() -> None:
    """=limits.answer, not a number that stands in the drawing."""
    dues = {(process, e.id): e.property("slip.due") for process, e in thrown() if e.property("slip")}
    tables = {e.result or e.decision for drawn in DRAWN.values() for e in drawn.elements.values() if e.decision}
    assert {at: due for at, due in dues.items() if due.removeprefix("=").split(".")[0] not in tables} == {}
    assert len(dues) >= 20


def test_the_answers_of_a_slip_are_awaited_where_it_was_sent() -> None:
    for process, element in thrown():
        awaited = {each.trigger.name for each in DRAWN[process].elements.values() if is_awaiting(each)}
        assert {*names(element, "slip.accept"), *names(element, "slip.return")} <= awaited, (process, element.id)


def test_what_can_be_returned_goes_to_arbitration_and_a_story_tells_it() -> None:
    returned = {process for process, element in thrown() if names(element, "slip.return")}
    assert returned == {"checkpoint", "command_loop", "pre_return"}
    for process in returned:
        steps = {e.id for e in DRAWN[process].elements.values() if e.kind == "userTask" and "arbiter" in e.groups}
        told = yaml.safe_load((PROCESSES / process / "stories.yaml").read_text())["stories"]
        done = {step["does"] for story in told for step in story["steps"] if "does" in step and "refused" not in step}
        assert steps & done, process


@pytest.fixture
def sent(url: str) -> Iterator[tuple[Session, list[str]]]:
    """One case has handed three findings on; the second went to case 2, the third to case 3."""
    with office(url) as session:
        case = Told(session, 2026_000_001).raised(title="督查")
        others = [Told(session, 2026_000_000 + number).raised(title="问题").id for number in (2, 3)]
        ids = []
        for running, receiver in enumerate((None, *others), start=1):
            letter = f.MessageSent(case.next(), "hand_on", "finding_raised", f"2026-000001/{running}", {})
            slip = f.SlipLaid(letter.message, "hand_on", "转办", "Handed on", ["issue_closed"], ["issue_refused"], None)
            case.act(AMINA, letter, slip)
            session.get_one(OutgoingMessage, letter.message).delivered_to = receiver
            ids.append(letter.message)
        session.flush()
        yield session, ids


def test_an_answer_settles_the_slip_its_case_was_handed(sent: tuple[Session, list[str]]) -> None:
    session, ids = sent
    told = {"text": "已整改"}
    (fact,) = answered(session, 2026_000_001, "issue_closed", "2026-000001", told, Answerer("letter", 2026_000_002))
    assert (fact.message, fact.accepted, fact.reason, fact.by) == (ids[1], True, "已整改", "letter")
    (fact,) = answered(session, 2026_000_001, "issue_refused", "2026-000001", {}, Answerer("letter", 2026_000_003))
    assert (fact.message, fact.accepted) == (ids[2], False)
    # By its key, when the answer comes from elsewhere or by a button; nothing, when neither fits.
    (fact,) = answered(session, 2026_000_001, "issue_closed", "2026-000001/1", {}, None)
    assert (fact.message, fact.by) == (ids[0], None)
    assert answered(session, 2026_000_001, "issue_closed", "2026-000001", {}, Answerer("letter", 2026_000_001)) == []
    assert answered(session, 2026_000_001, "other", "2026-000001/1", {}, None) == []
