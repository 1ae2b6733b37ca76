"""An inspection round in the real acts: the lots prove themselves, the inspected know nothing, coverage is counted."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import cases, definitions, desk, officers, tasks
from engine.notation import checklists
from engine.reads import case_page, coverage, inbox, ledger, sight
from engine.reads.filters import Filters
from engine.record import chain
from engine.words import draws
from engine.words.errors import NotFound
from engine.words.officers import CLOCK
from models import Entry, Task
from tests.cast import MORNING, Cast
from tests.conftest import files_of
from tests.walk import Walk

ROUND: dict[str, Any] = {
    "title": "卡口双随机暗访", "theme": "checkpoint", "methods": ["covert", "random"], "pool": ["HARBOUR", "HEALTH"],
    "how_many": 1, "lead_1": "inspector", "lead_2": "reviewer", "finish_on": MORNING.date(), "slots": ["day", "night"],
}  # fmt: skip


@pytest.fixture
def walk(cast: Cast, sessions: sessionmaker[Session]) -> Walk:
    """The round has been ordered. The inspector of the harbour street holds the role of the whole city."""
    with sessions() as session, session.begin():
        definitions.publish(session, *files_of("inspection"), note="", by=CLOCK, at=MORNING)
    walked = Walk(sessions, cast)
    with sessions() as session, session.begin():
        officers.grant(session, cast.people["reviewer"], "inspector", cast.units["CITY"], by=CLOCK, at=MORNING)
        by = cast.actor(session, "inspector", MORNING)
        walked.case = cases.open(session, "inspection", ROUND, by=by, at=MORNING)
    return walked


def drawn(walk: Walk) -> list[dict[str, Any]]:
    with walk.sessions() as session:
        kept = select(Entry.body).where(Entry.book == walk.case, Entry.kind == "SampleDrawn").order_by(Entry.seq)
        return [orjson.loads(body) for body in session.scalars(kept) if body]


def known_to(walk: Walk, login: str) -> bool:
    with walk.sessions() as session:
        actor = walk.cast.actor(session, login, walk.at)
        listed = bool(ledger.page(session, Filters(text="双随机"), actor=actor, at=walk.at).rows)
        seen = sight.may_see(session, walk.case, actor)
        assert listed == seen
        if not seen:
            assert inbox.count(session, actor) == 0
            with pytest.raises(NotFound):
                case_page.find(session, walk.case, actor=actor)
        return seen


def test_targets_and_lead_are_drawn_so_that_anybody_can_draw_again(walk: Walk) -> None:
    targets, lead = drawn(walk)
    assert targets["members"] == ["HARBOUR", "HEALTH"]
    assert len(targets["drawn"]) == 1
    assert lead["drawn"][0] in {"inspector", "reviewer"}
    for fact in (targets, lead):
        assert draws.draw(fact["seed"], fact["members"], fact["count"]) == fact["drawn"]
    with walk.sessions() as session:
        assert chain.verify(session).intact


def test_the_inspected_know_nothing_until_the_round_is_over(walk: Walk) -> None:
    (unit,) = drawn(walk)[0]["drawn"]
    local = {"HARBOUR": "clerk", "HEALTH": "health_clerk"}[unit]
    assert not known_to(walk, local)
    assert known_to(walk, "inspector")
    # Even one who serves as an inspector for the whole city does not see what is to come to his own unit.
    with walk.sessions() as session, session.begin():
        officers.grant(session, walk.cast.people[local], "inspector", walk.cast.units["CITY"], by=CLOCK, at=walk.at)
    assert not known_to(walk, local)
    walk.do("approve_plan", "inspector", groups_note="两个组。")
    assert not known_to(walk, local)
    visit(walk)
    assert not known_to(walk, local)
    visit(walk)  # the last one: the round is no secret any more
    assert known_to(walk, local)


def test_coverage_counts_visits_of_all_planned(walk: Walk) -> None:
    walk.do("approve_plan", "inspector", groups_note="两个组。")
    assert covered(walk) == (0, 2)
    visit(walk)
    assert covered(walk) == (1, 2)


def visit(walk: Walk) -> None:
    """Goes through the checklist of the next visit that waits; all is in order."""
    with walk.sessions() as session, session.begin():
        by = walk.cast.actor(session, "inspector", walk.at)
        query = select(Task).where(Task.case_id == walk.case, Task.element == "check_site", Task.done_at.is_(None))
        task = session.scalars(query.order_by(Task.id)).first()
        assert task is not None
        laid = desk.at_task(session, task, by=by, at=walk.at)
        asked = next(field for field in laid.element.form if field.id == "checks")
        lines = [
            {"item": line["item"], "checked": "ok", "note": ""} for line in checklists.items(asked, laid.names, walk.at)
        ]
        assert len(lines) == 9  # those for checkpoints, and the one for every theme
        tasks.complete(session, task.id, {"checks": lines, "important": False}, by=by, at=walk.at)


def covered(walk: Walk) -> tuple[int, int]:
    with walk.sessions() as session:
        head = case_page.find(session, walk.case, actor=walk.cast.actor(session, "inspector", walk.at))
        (found,) = coverage.of(session, head, at=walk.at)
        return found.done, found.planned
